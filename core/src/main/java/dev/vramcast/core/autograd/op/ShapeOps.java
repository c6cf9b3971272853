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
import org.jspecify.annotations.Nullable;

/**
 * Operations that put tensors together, widen, shorten or sum them. What each saves is in torch's
 * {@code derivatives.yaml}.
 */
public final class ShapeOps {

  private static final Node.Backward EXPANDED =
      (g, n) -> {
        n.outgoing[0] = g.view(n.gradient().hold(), n.inputs[0].elements, null, 0);
        n.fitted = true;
      };

  /** A gradient of each input that wants one, of its shape and dtype. */
  private static final Node.Backward LIKE_INPUTS =
      (g, n) -> {
        for (int i = 0; i < n.inputs.length; i++) {
          n.outgoing[i] = n.wants(i) ? Pointwise.gradientLike(g, n.inputs[i]) : null;
        }
      };

  private static final Operation ATTACH = Operation.of("aten::view").backward("aten::zeros");
  private static final Operation SUM = Operation.of("aten::sum").backward("aten::expand");
  private static final Operation PAD =
      Operation.of("aten::constant_pad_nd").backward("aten::slice");
  private static final Operation CUMSUM =
      Operation.of("aten::cumsum")
          .backward("aten::flip", "torch/csrc/autograd/FunctionsManual.cpp cumsum_backward");
  private static final Operation CONVOLVE =
      Operation.of("aten::convolution").backward("aten::convolution_backward");
  private static final Operation SCALE_SLICE = Operation.of("aten::div_").backward("CopySlices");
  private static final Operation ASSIGN = Operation.of("aten::copy_").backward("CopySlices");

  private ShapeOps() {}

  /** {@code cat}: the gradients are views of the result's. Arguments stay the caller's. */
  public static Tensor concatenate(Graph g, String name, Tensor... parts) {
    long elements = 0;
    DataType dtype = parts[0].dtype;
    for (Tensor part : parts) {
      elements += part.elements;
      dtype = dtype.promotedWith(part.dtype);
    }
    Node node = g.node(Aten.CAT, Node.Kernel.NONE, ShapeOps::narrow, parts);
    return g.fusion().result(name, parts[0].storage.category(), elements, dtype, node, parts);
  }

  private static void narrow(Graph g, Node n) {
    for (int i = 0; i < n.inputs.length; i++) {
      if (n.wants(i)) {
        n.outgoing[i] =
            n.inputs[i].dtype == n.gradient().dtype
                ? g.view(n.gradient().hold(), n.inputs[i].elements, null, 0)
                : Pointwise.gradientLike(g, n.inputs[i]);
      }
    }
  }

  /**
   * {@code view} of another shape, whose gradient is a view too, so that the next one is not added
   * to it in place. Takes over the argument.
   */
  public static Tensor reshaped(Graph g, Tensor x) {
    Node node =
        g.node(
            Aten.VIEW,
            (graph, n) ->
                n.outgoing[0] = graph.view(n.gradient().hold(), n.gradient().elements, null, 0),
            x);
    return g.view(x, x.elements, node, 0);
  }

  /** {@code expand}: a view, whose gradient is summed. Takes over the argument. */
  public static Tensor expand(Graph g, Tensor x, long elements) {
    Node node = g.node(Aten.EXPAND, Node.Kernel.FUSED, Pointwise.LIKE_INPUT, x);
    return g.view(x, elements, node, 0);
  }

  /**
   * The same tensor, which keeps {@code other} until the backward pass has come through it, and
   * sends it a gradient then. Takes over {@code x}.
   */
  public static Tensor attach(Graph g, Tensor x, Tensor other) {
    Node node = g.node(ATTACH, ShapeOps::toBoth, x, other);
    g.save(node, other);
    return node == null ? x : g.withSource(x, node);
  }

  private static void toBoth(Graph g, Node n) {
    n.outgoing[0] = n.wants(0) ? n.gradient().hold() : null;
    n.outgoing[1] = n.wants(1) ? Pointwise.gradientLike(g, n.inputs[1]) : null;
  }

  /** A slice as a view; its gradient is put into zeros. Takes over the argument. */
  public static Tensor slice(Graph g, Tensor x, long elements) {
    return expand(g, x, elements);
  }

  /**
   * {@code :} of a dimension, which PyTorch before 2.9 makes a node of its own, whose backward pass
   * copies the gradient into zeros (ATen/TensorIndexing.h applySlice). Takes over the argument.
   *
   * @param dimensions that are taken whole
   */
  public static Tensor wholeSlices(Graph g, Tensor x, int dimensions) {
    Tensor sliced = x;
    for (int i = 0; i < dimensions && g.follows(Node.Habit.WHOLE_SLICES); i++) {
      Node node = g.node(Aten.SLICE, Pointwise.LIKE_INPUT, sliced);
      sliced = g.view(sliced, sliced.elements(), node, 0);
    }
    return sliced;
  }

  /**
   * {@code x[:, :-1].div_(number)} and the like: what was scaled takes the place of the slice, and
   * the backward pass copies the gradient of all of {@code x} and that of the slice before it
   * divides the latter (torch/csrc/autograd/functions/tensor.cpp CopySlices). Takes over {@code x}.
   *
   * @param elements of the slice
   */
  public static Tensor scaleSliceInPlace(Graph g, Tensor x, long elements) {
    Node node =
        g.node(
            SCALE_SLICE,
            (graph, n) -> {
              n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              Tensor slice = sliceOf(graph, n.outgoing[0], elements);
              Tensor scaled = sliceOf(graph, n.outgoing[0], elements);
              graph.release(slice, scaled);
            },
            x);
    return node == null ? x : g.withSource(x, node);
  }

  private static Tensor sliceOf(Graph g, Tensor gradient, long elements) {
    return g.allocate(
        gradient.storage.name(), gradient.storage.category(), elements, gradient.dtype);
  }

  /**
   * {@code view} into heads, whose gradient comes back in another order and is copied (torch's
   * ViewBackward0 reshapes it). Takes over the argument.
   */
  public static Tensor viewByHeads(Graph g, Tensor x) {
    return expand(g, x, x.elements);
  }

  /**
   * {@code split} into pieces that are used one by one: views, whose gradients are put together by
   * a concatenation. Takes over the argument.
   */
  public static Tensor divided(Graph g, Tensor x) {
    return expand(g, x, x.elements);
  }

  /**
   * {@code sum} over a dimension: the gradient is expanded, which allocates nothing. Autocast sums
   * in fp32, which the kernel does as it reads ({@code fp32_set_opt_dtype} in
   * aten/src/ATen/autocast_mode.h).
   */
  public static Tensor sum(Graph g, Tensor x, long elements, String name) {
    Node node = g.node(SUM, Node.Kernel.NONE, EXPANDED, x);
    return g.output(name, x.storage.category(), elements, summed(g, x), node);
  }

  /** As {@link #sum(Graph, Tensor, long, String)}, in a dtype of its own. */
  public static Tensor sum(Graph g, Tensor x, long elements, DataType dtype, String name) {
    Node node = g.node(SUM, Node.Kernel.NONE, EXPANDED, x);
    return g.output(name, x.storage.category(), elements, dtype, node);
  }

  /** The dtype of a sum. */
  static DataType summed(Graph g, Tensor x) {
    return g.autocast() ? DataType.FP32 : x.dtype;
  }

  /** {@code pad}, {@code repeat}, {@code cumsum}: saves nothing, the result may be larger. */
  public static Tensor resized(Graph g, Tensor x, long elements, String name) {
    Node node = g.node(PAD, Node.Kernel.FUSED, Pointwise.LIKE_INPUT, x);
    return g.fusion().result(name, x.storage.category(), elements, x.dtype, node, x);
  }

  /** {@code cumsum}: its gradient is turned round, summed and turned round again. */
  public static Tensor cumulativeSum(Graph g, Tensor x, String name) {
    Node node = g.node(CUMSUM, ShapeOps::sumBackwards, x);
    return g.output(name, x.storage.category(), x.elements, x.dtype, node);
  }

  private static void sumBackwards(Graph g, Node n) {
    try (Scope scope = Scope.of(g)) {
      scope.own(Pointwise.gradientLike(g, n.inputs[0]));
      scope.own(Pointwise.gradientLike(g, n.inputs[0]));
      n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
    }
  }

  /** {@code masked_fill} with a mask of its own size: saves the mask. */
  public static Tensor maskedFill(Graph g, Tensor x, Tensor mask, String name) {
    Node node = g.node(Aten.MASKED_FILL, Pointwise.LIKE_INPUT, x);
    g.save(node, mask);
    return g.output(name, x.storage.category(), x.elements, x.dtype, node);
  }

  /** {@code where}: saves the condition; the gradients are of both sides. */
  public static Tensor where(Graph g, Tensor condition, Tensor a, Tensor b, String name) {
    Node node = g.node(Aten.WHERE, LIKE_INPUTS, a, b);
    g.save(node, condition);
    return g.output(name, a.storage.category(), a.elements, a.dtype, node);
  }

  /** {@code conv1d}, {@code conv2d}: saves input and weight. */
  public static Tensor convolution(
      Graph g, Tensor x, Tensor weight, @Nullable Tensor bias, long elements, String name) {
    Node node = g.node(CONVOLVE, LIKE_INPUTS, x, weight, bias);
    g.save(node, x);
    g.save(node, weight);
    return g.output(name, Category.ACTIVATIONS, elements, x.dtype, node);
  }

  /** {@code base[...] = part}. Takes over {@code base}; {@code part} stays the caller's. */
  public static Tensor assign(Graph g, Tensor base, Tensor part) {
    Node node = g.node(ASSIGN, LIKE_INPUTS, base, part);
    return node == null ? base : g.withSource(base, node);
  }
}
