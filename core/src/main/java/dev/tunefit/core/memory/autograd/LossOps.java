package dev.tunefit.core.memory.autograd;

import dev.tunefit.core.memory.tape.Category;
import dev.tunefit.core.units.DataType;

/** Cross-entropy in its forms. Logits are {@code tokens} by {@code vocabulary}. */
public final class LossOps {

  private LossOps() {}

  /**
   * {@code cross_entropy}: {@code log_softmax} runs in the dtype of the logits and saves its
   * result; {@code nll_loss} saves its input, which autocast makes fp32; each backward makes a
   * tensor as large.
   */
  public static Tensor crossEntropy(Graph g, Tensor logits) {
    Node softmax =
        g.node((graph, n) -> n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]), logits);
    Tensor probabilities =
        g.output(
            "log-probabilities", Category.LOGITS_AND_LOSS, logits.elements, logits.dtype, softmax);
    g.save(softmax, probabilities);
    Tensor input =
        g.autocast()
            ? Pointwise.cast(g, probabilities, DataType.FP32, "log-probabilities in fp32")
            : probabilities.hold();
    Node likelihood =
        g.node((graph, n) -> n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]), input);
    g.save(likelihood, input);
    Tensor loss = g.output("loss", Category.LOGITS_AND_LOSS, 1, input.dtype, likelihood);
    g.release(probabilities, input);
    return loss;
  }

  /** {@code logits[..., :-1, :]}: a view whose gradient is a full-size tensor of zeros, filled. */
  public static Tensor withoutLastToken(Graph g, Tensor logits, long elements) {
    Node node =
        g.node((graph, n) -> n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]), logits);
    return g.view(logits, elements, node, 0);
  }

  /**
   * A cross-entropy kernel that reads 16-bit logits and writes the gradient over them (Unsloth's
   * Triton kernel): saves the logits and one number a row.
   */
  public static Tensor tritonCrossEntropy(Graph g, Tensor logits, long rows) {
    Node node = g.node((graph, n) -> n.outgoing[0] = n.saved[0].hold(), logits);
    Tensor loss = g.output("loss", Category.LOGITS_AND_LOSS, rows, DataType.FP32, node);
    Tensor statistics =
        g.output("loss statistics", Category.LOGITS_AND_LOSS, rows, DataType.FP32, null);
    g.save(node, logits);
    g.save(node, statistics);
    g.release(statistics);
    return loss;
  }

  /**
   * A loss that computes logits and gradients together, chunk by chunk, in the forward pass
   * (Liger's fused linear cross-entropy, liger_kernel/ops/fused_linear_cross_entropy.py).
   *
   * @param chunkRows tokens of a chunk
   */
  public static Tensor fusedLinear(
      Graph g, Tensor hidden, Tensor weight, long chunkRows, long vocabulary, long rows) {
    Node node =
        g.node(
            (graph, n) -> {
              n.outgoing[0] = n.wants(0) ? n.saved[0].hold() : null;
              if (n.wants(1)) {
                n.outgoing[1] = n.saved[n.saved.length - 1].hold();
              }
            },
            hidden,
            weight);
    Tensor hiddenGradient =
        g.allocate(
            "gradients of activations", Category.LOGITS_AND_LOSS, hidden.elements, hidden.dtype);
    Tensor weightGradient =
        weight.requiresGrad()
            ? g.allocate("gradient", Category.GRADIENTS, weight.elements, weight.dtype)
            : null;
    Tensor losses = g.allocate("loss", Category.LOGITS_AND_LOSS, rows, DataType.FP32);
    Tensor logits =
        g.allocate(
            "logits of a chunk", Category.LOGITS_AND_LOSS, chunkRows * vocabulary, hidden.dtype);
    if (weightGradient != null) {
      Tensor product =
          g.allocate("gradient of a chunk", Category.TEMPORARIES, weight.elements, hidden.dtype);
      Tensor wide =
          g.allocate("gradient of a chunk", Category.TEMPORARIES, weight.elements, DataType.FP32);
      g.release(product, wide);
    }
    g.release(logits, losses);
    g.save(node, hiddenGradient);
    g.release(hiddenGradient);
    if (weightGradient != null) {
      g.save(node, weightGradient);
      g.release(weightGradient);
    }
    return g.output("loss", Category.LOGITS_AND_LOSS, 1, DataType.FP32, node);
  }

  /**
   * Cut cross-entropy: no logits at all; saves hidden states, weight and one number a row, and
   * makes both gradients in the backward pass (cut_cross_entropy/cce.py, cce_backward.py).
   */
  public static Tensor cut(Graph g, Tensor hidden, Tensor weight, long rows) {
    Node node =
        g.node(
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

  /**
   * Head and cross-entropy chunk by chunk, with all chunks of logits and log-probabilities kept
   * (LitGPT and torchtune): only the gradients are small.
   *
   * @param wide log-probabilities are made in fp32
   * @return loss and logits
   */
  public static Tensor[] chunkedOutputs(
      Graph g, Tensor hidden, Tensor weight, long chunkElements, long elements, boolean wide) {
    Node node = g.node((graph, n) -> chunkGradients(graph, n, chunkElements, wide), hidden, weight);
    Tensor logits = g.allocate("logits", Category.LOGITS_AND_LOSS, elements, hidden.dtype);
    Tensor probabilities =
        g.allocate(
            "log-probabilities",
            Category.LOGITS_AND_LOSS,
            elements,
            wide ? DataType.FP32 : hidden.dtype);
    if (node != null && node.wants(1)) {
      g.save(node, hidden);
    }
    if (node != null && node.wants(0)) {
      g.save(node, weight);
    }
    g.save(node, probabilities);
    g.release(probabilities);
    return new Tensor[] {
      g.output("loss", Category.LOGITS_AND_LOSS, 1, DataType.FP32, node), logits
    };
  }

  /**
   * Head and cross-entropy of one chunk at a time, checkpointed: both passes make an fp32 copy of
   * the weight, and four tensors of the size of a chunk's logits.
   */
  public static Tensor checkpointedChunks(
      Graph g, Tensor hidden, Tensor weight, long chunkElements) {
    Node node =
        g.node(
            (graph, n) -> {
              Tensor copies = weightCopies(graph, n.inputs[1]);
              chunkGradients(graph, n, 2 * chunkElements, true);
              graph.release(copies);
            },
            hidden,
            weight);
    g.save(node, hidden);
    g.save(node, weight);
    Tensor copies = weightCopies(g, weight);
    Tensor chunk =
        g.allocate("logits of a chunk", Category.LOGITS_AND_LOSS, 2 * chunkElements, DataType.FP32);
    g.release(chunk, copies);
    return g.output("loss", Category.LOGITS_AND_LOSS, 1, DataType.FP32, node);
  }

  private static Tensor weightCopies(Graph g, Tensor weight) {
    long elements = g.autocast() ? weight.elements + weight.elements / 2 : weight.elements;
    return g.allocate("fp32 copy of the head", Category.TEMPORARIES, elements, DataType.FP32);
  }

  private static void chunkGradients(Graph g, Node n, long chunkElements, boolean wide) {
    DataType dtype = wide ? DataType.FP32 : n.inputs[0].dtype;
    Tensor likelihood =
        g.allocate("gradients of a chunk", Category.LOGITS_AND_LOSS, chunkElements, dtype);
    Tensor softmax =
        g.allocate("gradients of a chunk", Category.LOGITS_AND_LOSS, chunkElements, dtype);
    for (int i = 0; i < 2; i++) {
      n.outgoing[i] = n.wants(i) ? Pointwise.gradientLike(g, n.inputs[i]) : null;
    }
    g.release(likelihood, softmax);
  }
}
