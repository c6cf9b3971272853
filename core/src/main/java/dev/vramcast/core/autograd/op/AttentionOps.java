package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Attention kernels and the softmax of eager attention. */
public final class AttentionOps {

  private static final Operation FLASH =
      Operation.of("aten::_flash_attention_forward")
          .backward(
              "aten::_flash_attention_backward",
              "aten/src/ATen/native/transformers/cuda/flash_attn/flash_api.cpp mha_bwd");

  private static final Operation EFFICIENT =
      Operation.of("aten::_efficient_attention_forward")
          .backward("aten::_efficient_attention_backward");

  private AttentionOps() {}

  /**
   * Shapes of an attention call.
   *
   * @param headSize features of a query or key head
   * @param valueSize features of a value head
   */
  public record Shape(
      long batch, long queryLength, int heads, int kvHeads, int headSize, int valueSize) {

    /** Elements of the result. */
    public long outputElements() {
      return batch * queryLength * heads * valueSize;
    }
  }

  /**
   * A fused kernel that saves query, key, value, output and one number a row. FlashAttention's
   * backward pass allocates an fp32 accumulator of the query's gradient, row sums, and gradients of
   * keys and values for every query head (pytorch aten/native/transformers/cuda/flash_attn/
   * flash_api.cpp, mha_bwd); sequence rounded to 128, head size to 32.
   */
  public static Tensor flash(Graph g, Tensor query, Tensor key, Tensor value, Shape shape) {
    Node node = g.node(FLASH, (graph, n) -> flashBackward(graph, n, shape), query, key, value);
    saveInputs(g, node, query, key, value);
    Tensor result =
        g.costlyOutput(
            "attention outputs",
            Category.ACTIVATIONS,
            shape.outputElements(),
            query.dtype,
            node,
            false);
    try (Scope scope = Scope.of(g)) {
      Tensor rows =
          scope.own(
              g.costlyOutput(
                  "attention row statistics",
                  Category.ACTIVATIONS,
                  shape.batch() * shape.heads() * shape.queryLength(),
                  DataType.FP32,
                  null,
                  false));
      g.save(node, result);
      g.save(node, rows);
      return result;
    }
  }

  /** Keeps what a kernel is called with for its backward pass. */
  public static void saveInputs(Graph g, @Nullable Node node, Tensor... inputs) {
    for (Tensor input : inputs) {
      g.save(node, input);
    }
  }

  /**
   * {@link #flash}, or {@link #efficient} where flash kernels do not take them, of equal chunks one
   * behind the other: what each saves stands for all, its scratch for one.
   */
  public static Tensor chunked(
      Graph g,
      Tensor[] heads,
      Shape chunk,
      long chunks,
      boolean flash,
      Optional<EfficientKernel> card) {
    Tensor query = heads[0];
    Node node =
        g.node(
            flash ? FLASH : EFFICIENT,
            (graph, n) -> {
              if (flash) {
                flashBackward(graph, n, chunk);
              } else {
                efficientBackward(graph, n, chunk, card);
              }
            },
            heads);
    saveInputs(g, node, heads);
    Tensor result =
        g.output(
            "attention outputs",
            Category.ACTIVATIONS,
            chunk.outputElements() * chunks,
            query.dtype,
            node);
    long length = flash ? chunk.queryLength() : roundUp(chunk.queryLength(), 32);
    return withRows(g, node, result, chunk.heads() * length * chunks);
  }

  /**
   * The result of a kernel, which it saves with its row statistics.
   *
   * @param count rows of all heads
   */
  public static Tensor withRows(Graph g, @Nullable Node node, Tensor result, long count) {
    try (Scope scope = Scope.of(g)) {
      Tensor rows =
          scope.own(
              g.output(
                  "attention row statistics", Category.ACTIVATIONS, count, DataType.FP32, null));
      g.save(node, result);
      g.save(node, rows);
      return result;
    }
  }

  /** flash_attn/flash_api.cpp mha_bwd. */
  private static void flashBackward(Graph g, Node n, Shape shape) {
    gradients(g, n);
    scratch(g, shape, shape.queryLength(), n.inputs[0].dtype);
  }

  /**
   * What FlashAttention's backward pass needs besides gradients, for as long as it runs.
   *
   * @param keys that every query may see
   * @param dtype of the gradients of keys and values
   */
  public static void scratch(Graph g, Shape shape, long keys, DataType dtype) {
    long rows = shape.batch() * shape.heads() * roundUp(shape.queryLength(), 128);
    try (Scope scope = Scope.of(g)) {
      scope.own(scratch(g, rows, DataType.FP32));
      scope.own(scratch(g, rows * roundUp(shape.headSize(), 32), DataType.FP32));
      if (shape.kvHeads() != shape.heads()) {
        long each = shape.batch() * keys * shape.heads();
        scope.own(scratch(g, each * shape.headSize(), dtype));
        scope.own(scratch(g, each * shape.valueSize(), dtype));
      }
    }
  }

  private static Tensor scratch(Graph g, long elements, DataType dtype) {
    return g.allocate("attention backward scratch", Category.TEMPORARIES, elements, dtype);
  }

  /**
   * The memory-efficient kernel, which a mask or a value size of its own forces: it saves the mask
   * as well, and row statistics padded to 32.
   *
   * @param heads query, key and value
   * @param mask additive, in the query's dtype; null for none
   * @param card what its backward pass takes; empty where that is not known
   */
  public static Tensor efficient(
      Graph g, Tensor[] heads, @Nullable Tensor mask, Shape shape, Optional<EfficientKernel> card) {
    Tensor query = heads[0];
    Node node = g.node(EFFICIENT, (graph, n) -> efficientBackward(graph, n, shape, card), heads);
    saveInputs(g, node, heads);
    if (mask != null) {
      g.save(node, mask);
    }
    Tensor result =
        g.output(
            "attention outputs", Category.ACTIVATIONS, shape.outputElements(), query.dtype, node);
    return withRows(
        g, node, result, shape.batch() * shape.heads() * roundUp(shape.queryLength(), 32));
  }

  /**
   * Gradients, and what the kernel needs for as long as it runs.
   *
   * @param card of NVIDIA's
   */
  public static void efficientBackward(
      Graph g, Node n, Shape shape, Optional<EfficientKernel> card) {
    gradients(g, n);
    long features = shape.batch() * shape.kvHeads() * shape.headSize();
    card.ifPresent(
        kernel -> kernel.scratch(g, shape, n.inputs[1].elements / features, n.inputs[0].dtype));
  }

  /** A gradient of each input that wants one. */
  public static void gradients(Graph g, Node n) {
    for (int i = 0; i < n.inputs.length; i++) {
      n.outgoing[i] = n.wants(i) ? Pointwise.gradientLike(g, n.inputs[i]) : null;
    }
  }

  /**
   * {@code softmax(dtype=float32)}: converts first, saves its result. Of fp16 one kernel reads as
   * it is, and gives the gradient so ({@code half_to_float} in aten/src/ATen/native/SoftMax.cpp).
   *
   * @param savesInput before PyTorch 1.11 the backward kernel took the input as well
   */
  public static Tensor softmaxInFp32(Graph g, Tensor scores, boolean savesInput, String name) {
    try (Scope scope = Scope.of(g)) {
      boolean halves = scores.dtype() == DataType.FP16;
      Tensor input =
          scope.own(halves ? scores.hold() : Pointwise.cast(g, scores, DataType.FP32, name));
      Node node = g.node(Aten.SOFTMAX, Pointwise.LIKE_INPUT, input);
      if (savesInput) {
        g.save(node, input);
      }
      Tensor result = g.output(name, input.storage.category(), input.elements, DataType.FP32, node);
      g.save(node, result);
      return result;
    }
  }

  /** Every key or value head repeated for the query heads that share it. */
  public static Tensor repeatHeads(Graph g, Tensor x, int times, String name) {
    if (times == 1) {
      return x.hold();
    }
    Node node = g.node(Aten.EXPAND, Node.Kernel.FUSED, Pointwise.LIKE_INPUT, x);
    return g.fusion().result(name, x.storage.category(), x.elements * times, x.dtype, node, x);
  }

  private static long roundUp(long value, long unit) {
    return (value + unit - 1) / unit * unit;
  }
}
