package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Cross-entropy in its forms. Logits are {@code tokens} by {@code vocabulary}. */
public final class LossOps {

  private static final Operation NLL_LOSS =
      Operation.of("aten::nll_loss_forward").backward("aten::nll_loss_backward");

  private static final Operation COMPILED =
      Operation.of("triton fused log_softmax nll_loss", "torch/_inductor");

  private static final Operation TRITON =
      Operation.of(
          "Fast_CrossEntropyLoss", "unsloth/kernels/cross_entropy_loss.py Fast_CrossEntropyLoss");

  private static final Operation LIGER =
      Operation.of(
          "LigerFusedLinearCrossEntropyFunction",
          "liger_kernel/ops/fused_linear_cross_entropy.py fused_linear_cross_entropy_forward");

  private static final Operation LIGER_CROSS_ENTROPY =
      Operation.of(
          "LigerCrossEntropyFunction",
          "liger_kernel/ops/cross_entropy.py LigerCrossEntropyFunction");

  private static final Operation CUT =
      Operation.of(
              "LinearCrossEntropyFunction",
              "cut_cross_entropy/cce.py LinearCrossEntropyFunction.forward")
          .backward(
              "LinearCrossEntropyFunction backward",
              "cut_cross_entropy/cce_backward.py cce_backward_kernel");

  private static final Node.Backward SMOOTHED =
      (g, n) -> {
        Tensor input = n.saved[0];
        boolean narrow = input.dtype() != DataType.FP32;
        Tensor ofSum = narrow ? Pointwise.gradientLike(g, input) : null;
        Pointwise.LIKE_INPUT.run(g, n);
        if (ofSum != null) {
          g.release(ofSum);
        }
      };

  /** Hands on the gradients that the forward pass made, the weight's last. */
  private static final Node.Backward SAVED_GRADIENTS =
      (g, n) -> {
        n.outgoing[0] = n.wants(0) ? n.saved[0].hold() : null;
        if (n.wants(1)) {
          n.outgoing[1] = n.saved[n.saved.length - 1].hold();
        }
      };

  private LossOps() {}

  /**
   * {@code cross_entropy}: {@code log_softmax} runs in the dtype of the logits and saves its
   * result; {@code nll_loss} saves its input, which autocast makes fp32; each backward makes a
   * tensor as large.
   */
  public static Tensor crossEntropy(Graph g, Tensor logits) {
    Node softmax = g.node(Aten.LOG_SOFTMAX, Pointwise.LIKE_INPUT, logits);
    try (Scope scope = Scope.of(g)) {
      Tensor probabilities =
          scope.own(
              g.output(
                  "log-probabilities",
                  Category.LOGITS_AND_LOSS,
                  logits.elements,
                  logits.dtype,
                  softmax));
      g.save(softmax, probabilities);
      probabilities.storage.like(logits.storage);
      Tensor input = scope.own(Pointwise.widened(g, probabilities, "log-probabilities in fp32"));
      Node likelihood = g.node(NLL_LOSS, Pointwise.LIKE_INPUT, input);
      g.save(likelihood, input);
      return g.output("loss", Category.LOGITS_AND_LOSS, 1, input.dtype, likelihood);
    }
  }

  /**
   * Cross-entropy against smoothed labels: {@code log_softmax} saves its result; the label's entry
   * is gathered of the negated one, which is saved for its size, into whose gradient that of the
   * sum goes (transformers/trainer_pt_utils.py LabelSmoother). The sum is fp32, so that its
   * gradient, a view of one number a row, is written out in 16 bits before the other is made.
   */
  public static Tensor smoothed(Graph g, Tensor logits) {
    Node softmax = g.node(Aten.LOG_SOFTMAX, Pointwise.LIKE_INPUT, logits);
    Tensor probabilities =
        g.output(
            "log-probabilities", Category.LOGITS_AND_LOSS, logits.elements, logits.dtype, softmax);
    g.save(softmax, probabilities);
    Tensor negated =
        g.rebind(probabilities, Pointwise.scale(g, probabilities, "log-probabilities"));
    Node gathered = g.node(Aten.GATHER, SMOOTHED, negated);
    g.save(gathered, negated);
    return g.rebind(
        negated, g.output("loss", Category.LOGITS_AND_LOSS, 1, negated.dtype, gathered));
  }

  /** {@code logits[..., :-1, :]}: a view whose gradient is a full-size tensor of zeros, filled. */
  public static Tensor withoutLastToken(Graph g, Tensor logits, long elements) {
    Node node = g.node(Aten.SLICE, Pointwise.LIKE_INPUT, logits);
    return ShapeOps.wholeSlices(g, g.view(logits, elements, node, 0), 1);
  }

  /**
   * Cross-entropy as torch.compile fuses it: what becomes fp32 stays in registers; logits and one
   * number a row are saved, and the gradient is allocated in the dtype of the logits.
   */
  public static Tensor compiledCrossEntropy(Graph g, Tensor logits, long rows) {
    Node node = g.node(COMPILED, Pointwise.LIKE_INPUT, logits);
    return kernel(g, node, logits, rows);
  }

  /**
   * A cross-entropy kernel that reads 16-bit logits and writes the gradient over them (Unsloth's
   * Triton kernel): saves the logits and one number a row.
   */
  public static Tensor tritonCrossEntropy(Graph g, Tensor logits, long rows) {
    Node node = g.node(TRITON, (graph, n) -> n.outgoing[0] = n.saved[0].hold(), logits);
    return kernel(g, node, logits, rows);
  }

  private static Tensor kernel(Graph g, @Nullable Node node, Tensor logits, long rows) {
    Tensor loss = g.output("loss", Category.LOGITS_AND_LOSS, rows, DataType.FP32, node);
    try (Scope scope = Scope.of(g)) {
      Tensor statistics =
          scope.own(
              g.output("loss statistics", Category.LOGITS_AND_LOSS, rows, DataType.FP32, null));
      g.save(node, logits);
      g.save(node, statistics);
      return loss;
    }
  }

  /**
   * Liger's cross-entropy: the gradient is written over the logits, which it saves
   * (liger_kernel/ops/cross_entropy.py LigerCrossEntropyFunction).
   */
  public static UnaryOperator<Tensor> ligerCrossEntropy(Graph g) {
    return logits -> {
      Node node =
          g.node(LIGER_CROSS_ENTROPY, (graph, n) -> n.outgoing[0] = n.saved[0].hold(), logits);
      g.save(node, logits);
      return g.output("loss", Category.LOGITS_AND_LOSS, 1, logits.dtype, node);
    };
  }

  /**
   * The chunks of a loss that makes gradients in the forward pass.
   *
   * @param rows tokens of a chunk
   * @param tokens of all
   * @param addsInPlace products are added to the weight's gradient in place
   * @param dropsChunks a chunk's logits are gone when the next one's are made
   */
  public record FusedChunks(
      long rows, long vocabulary, long tokens, boolean addsInPlace, boolean dropsChunks) {}

  /**
   * A loss that computes logits and gradients together, chunk by chunk, in the forward pass
   * (liger_kernel/ops/fused_linear_cross_entropy.py). The gradients have the dtypes of hidden
   * states and weight, whatever autocast multiplies in; where they are not added in place, a
   * trainable weight's is summed through a product of its own size and an fp32 copy of that.
   *
   * @param copy makes the weight's copy in autocast's dtype, or gives the weight itself
   */
  public static Tensor fusedLinear(
      Graph g, Tensor hidden, Tensor weight, FusedChunks chunks, Supplier<Tensor> copy) {
    Node node = g.node(LIGER, SAVED_GRADIENTS, hidden, weight);
    Tensor hiddenGradient =
        g.allocate(
            "gradients of activations", Category.LOGITS_AND_LOSS, hidden.elements, hidden.dtype);
    Tensor weightGradient =
        weight.requiresGrad()
            ? g.allocate("gradient", Category.GRADIENTS, weight.elements, weight.dtype)
            : null;
    Tensor losses = g.allocate("loss", Category.LOGITS_AND_LOSS, chunks.tokens(), DataType.FP32);
    runChunks(g, weight, chunks, g.autocast() ? g.autocastDtype() : hidden.dtype, copy);
    g.release(losses);
    g.save(node, hiddenGradient);
    g.release(hiddenGradient);
    if (weightGradient != null) {
      g.save(node, weightGradient);
      g.release(weightGradient);
    }
    return g.output("loss", Category.LOGITS_AND_LOSS, 1, DataType.FP32, node);
  }

  /** The first chunk, and the logits of a second where there is one: the others are as it is. */
  private static void runChunks(
      Graph g, Tensor weight, FusedChunks chunks, DataType dtype, Supplier<Tensor> copy) {
    Tensor logits = chunkLogits(g, weight, chunks, dtype);
    Tensor copied = copy.get();
    if (weight.requiresGrad() && !chunks.addsInPlace()) {
      multiplyAndWiden(g, weight, dtype);
    }
    g.release(copied);
    if (chunks.dropsChunks()) {
      g.release(logits);
    }
    if (chunks.tokens() > chunks.rows()) {
      g.release(chunkLogits(g, weight, chunks, dtype));
    }
    if (!chunks.dropsChunks()) {
      g.release(logits);
    }
  }

  private static Tensor chunkLogits(Graph g, Tensor weight, FusedChunks chunks, DataType dtype) {
    Tensor transposed = transposedCopy(g, weight, dtype);
    long elements = chunks.rows() * chunks.vocabulary();
    Tensor logits = g.allocate("logits of a chunk", Category.LOGITS_AND_LOSS, elements, dtype);
    g.release(transposed);
    return logits;
  }

  /** A chunk's product for the weight's gradient, and the fp32 copy of it that is added. */
  private static void multiplyAndWiden(Graph g, Tensor weight, DataType dtype) {
    String name = "gradient of a chunk";
    try (Scope scope = Scope.of(g)) {
      scope.own(g.allocate(name, Category.TEMPORARIES, weight.elements, dtype));
      scope.own(g.allocate(name, Category.TEMPORARIES, weight.elements, DataType.FP32));
    }
  }

  /** The copy of a transposed weight, which autocast does not cache. */
  private static Tensor transposedCopy(Graph g, Tensor weight, DataType dtype) {
    return weight.dtype == dtype
        ? weight.hold()
        : g.allocate("autocast copies of weights", Category.TEMPORARIES, weight.elements, dtype);
  }

  /**
   * Cut cross-entropy: no logits at all; saves hidden states, weight and one number a row, and
   * makes both gradients in the backward pass (cut_cross_entropy/cce.py, cce_backward.py).
   */
  public static Tensor cut(Graph g, Tensor hidden, Tensor weight, long rows) {
    Node node =
        g.node(
            CUT,
            (graph, n) -> {
              for (int i = 0; i < 2; i++) {
                n.outgoing[i] = n.wants(i) ? Pointwise.gradientLike(graph, n.inputs[i]) : null;
              }
            },
            hidden,
            weight);
    g.save(node, hidden);
    g.save(node, weight);
    Tensor statistics =
        g.output("loss statistics", Category.LOGITS_AND_LOSS, rows, DataType.FP32, null);
    g.save(node, statistics);
    g.release(statistics);
    return g.output("loss", Category.LOGITS_AND_LOSS, 1, DataType.FP32, node);
  }

  /** Values computed beside the loss for reports only: two tensors of its size. */
  public static void statistics(Graph g, Tensor probabilities) {
    g.site().operation(Aten.EXP);
    try (Scope scope = Scope.of(g)) {
      scope.own(
          g.allocate(
              "loss statistics",
              Category.LOGITS_AND_LOSS,
              probabilities.elements,
              probabilities.dtype));
      scope.own(
          g.allocate(
              "loss statistics",
              Category.LOGITS_AND_LOSS,
              probabilities.elements,
              probabilities.dtype));
    }
  }

  /** The sum of both, which are taken over. */
  public static Tensor plus(Graph g, @Nullable Tensor total, Tensor loss) {
    return total == null ? loss : g.rebind(total, loss, Pointwise.add(g, total, loss, "loss"));
  }
}
