package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Log-probabilities of labels from whole logits. What each operation saves is in torch's {@code
 * derivatives.yaml}. Arguments stay the caller's.
 */
public final class LabelOps {

  private static final String KERNELS = "trl/kernels/logprob_entropy.py _LogProbEntropyFunction";

  private static final Operation KERNEL =
      Operation.of("_LogProbEntropyFunction", KERNELS + ".forward")
          .backward("_LogProbEntropyFunction backward", KERNELS + ".backward");

  private static final Operation DISTRIBUTED =
      Operation.of("DistributedLogprob", "nemo_rl/distributed/model_utils.py DistributedLogprob")
          .backward("DistributedLogprob backward", "nemo_rl/distributed/model_utils.py");

  private static final Operation DIVIDED =
      Operation.of(
              "log_softmax",
              "swift/megatron/trainers/vocab_parallel_utils.py vocab_parallel_log_softmax")
          .backward("aten::sub backward", "torch/csrc/autograd/generated/Functions.cpp");

  private static final Operation LOG_SUM_EXP =
      Operation.of("aten::logsumexp").backward("aten::logsumexp_backward");

  private static final Operation STACK = Operation.of("aten::stack").backward("aten::unbind");

  /** {@code exp(x - result)}, and the gradient times it. */
  private static final Node.Backward OF_LOG_SUM_EXP =
      (g, n) -> {
        Tensor difference = Pointwise.gradientLike(g, n.inputs[0]);
        Tensor share = Pointwise.gradientLike(g, n.inputs[0]);
        g.release(difference);
        n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
        g.release(share);
      };

  private LabelOps() {}

  /** Which of so many tokens have a label. */
  public static Tensor mask(Graph g, long tokens) {
    return g.allocate(Aten.EMPTY, "label mask", Category.LOGITS_AND_LOSS, tokens, DataType.BOOL);
  }

  /**
   * One kernel, which gives entropies too: saves the logits and two numbers a token, and makes one
   * gradient as large as the logits.
   */
  public static Tensor kernel(Graph g, Tensor logits, long tokens) {
    Node node = g.node(KERNEL, Pointwise.LIKE_INPUT, logits);
    try (Scope scope = Scope.of(g)) {
      Tensor result = numbers(g, tokens, node);
      scope.own(numbers(g, tokens, null));
      Tensor statistics = scope.own(numbers(g, 2 * tokens, null));
      g.save(node, logits);
      g.save(node, statistics);
      return result;
    }
  }

  /**
   * Of logits whose vocabulary ranks share: fp32 logits become log-probabilities beside them, and
   * their exponentials are saved; the gradient is made in fp32 of where each label is.
   */
  public static Tensor distributed(Graph g, Tensor logits, long tokens) {
    Node node =
        g.node(
            DISTRIBUTED,
            (graph, n) -> {
              Tensor wide = wide(graph, n.inputs[0].elements);
              n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              graph.release(wide);
            },
            logits);
    try (Scope scope = Scope.of(g)) {
      Tensor shifted = wide(g, logits.elements);
      scope.own(wide(g, logits.elements));
      g.release(shifted);
      if (node != null) {
        g.save(node, scope.own(wide(g, logits.elements)));
      }
      return numbers(g, tokens, node);
    }
  }

  /**
   * The log-softmax of fp32 logits whose vocabulary ranks share, written out
   * (swift/megatron/trainers/vocab_parallel_utils.py vocab_parallel_log_softmax): exponentials are
   * saved. Backward, what is gathered becomes a gradient of all logits, to which that of the
   * exponentials is added.
   */
  public static Tensor divided(Graph g, Tensor logits, long tokens) {
    Node node =
        g.node(
            DIVIDED,
            (graph, n) -> {
              Tensor scattered = wide(graph, n.inputs[0].elements);
              Tensor ofExponentials = wide(graph, n.inputs[0].elements);
              n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              graph.release(scattered, ofExponentials);
            },
            logits);
    Tensor shifted = wide(g, logits.elements);
    Tensor exponentials = wide(g, logits.elements);
    g.release(shifted);
    Tensor again = wide(g, logits.elements);
    Tensor probabilities = wide(g, logits.elements);
    g.release(again);
    if (node != null) {
      g.save(node, exponentials);
    }
    Tensor result = numbers(g, tokens, node);
    g.release(exponentials, probabilities);
    return result;
  }

  private static Tensor wide(Graph g, long elements) {
    return g.allocate("logits in fp32", Category.LOGITS_AND_LOSS, elements, DataType.FP32);
  }

  /**
   * {@code logits.log_softmax(-1)} of all sequences at once, from which labels are gathered: logits
   * that are a slice are made contiguous first.
   */
  public static Tensor whole(Graph g, Tensor logits, long tokens, boolean copies) {
    try (Scope scope = Scope.of(g)) {
      Tensor copy =
          copies
              ? g.allocate(
                  "contiguous logits", Category.LOGITS_AND_LOSS, logits.elements, logits.dtype)
              : logits.hold();
      Tensor probabilities = scope.own(logSoftmax(g, logits));
      g.release(copy);
      return gather(g, probabilities, tokens);
    }
  }

  /**
   * Sequence by sequence (trl/trainer/utils.py selective_log_softmax): what is gathered from fp32
   * logits less their {@code logsumexp}, or what is gathered from the {@code log_softmax} of 16-bit
   * ones.
   */
  public static Tensor bySequence(Graph g, Tensor logits, int sequences, long tokens) {
    return logits.dtype == DataType.FP32
        ? gatheredLess(g, logits, sequences, tokens)
        : gatheredFrom(g, logits, sequences, tokens);
  }

  private static Tensor gatheredLess(Graph g, Tensor logits, int sequences, long tokens) {
    try (Scope scope = Scope.of(g)) {
      Tensor selected = scope.own(gather(g, logits, sequences * tokens));
      Tensor[] rows = rows(g, logits, sequences);
      Tensor[] sums = new Tensor[sequences];
      for (int i = 0; i < sequences; i++) {
        sums[i] = logSumExp(g, rows[i], tokens);
        g.release(rows[i]);
      }
      Tensor stacked = scope.own(stack(g, sums));
      return Pointwise.add(g, selected, stacked, "log-probabilities of labels");
    }
  }

  private static Tensor gatheredFrom(Graph g, Tensor logits, int sequences, long tokens) {
    Tensor[] rows = rows(g, logits, sequences);
    Tensor[] results = new Tensor[sequences];
    try (Scope function = Scope.of(g)) {
      // The loop's variable names those of a sequence until those of the next are there.
      Tensor named = null;
      for (int i = 0; i < sequences; i++) {
        Tensor probabilities = logSoftmax(g, rows[i]);
        g.release(rows[i]);
        if (named != null) {
          g.release(named);
        }
        named = probabilities;
        results[i] = gather(g, probabilities, tokens);
      }
      if (named != null) {
        function.own(named);
      }
      return stack(g, results);
    }
  }

  /** Saves its input for its shape: the gradient is scattered into zeros. */
  private static Tensor gather(Graph g, Tensor x, long elements) {
    Node node = g.node(Aten.GATHER, Pointwise.LIKE_INPUT, x);
    g.save(node, x);
    return g.output(
        "log-probabilities of labels", Category.LOGITS_AND_LOSS, elements, x.dtype, node);
  }

  private static Tensor[] rows(Graph g, Tensor x, int count) {
    long[] sizes = new long[count];
    Arrays.fill(sizes, x.elements / count);
    return FusedOps.split(g, x.hold(), sizes);
  }

  private static Tensor logSumExp(Graph g, Tensor x, long tokens) {
    Node node = g.node(LOG_SUM_EXP, OF_LOG_SUM_EXP, x);
    g.save(node, x);
    try (Scope scope = Scope.of(g)) {
      scope.own(g.allocate("exponentials", Category.LOGITS_AND_LOSS, x.elements, DataType.FP32));
      return g.output("loss statistics", Category.LOGITS_AND_LOSS, tokens, x.dtype, node);
    }
  }

  private static Tensor logSoftmax(Graph g, Tensor x) {
    Node node = g.node(Aten.LOG_SOFTMAX, Pointwise.LIKE_INPUT, x);
    Tensor result =
        g.output("log-probabilities", Category.LOGITS_AND_LOSS, x.elements, x.dtype, node);
    g.save(node, result);
    return result;
  }

  /** Takes over its arguments. */
  private static Tensor stack(Graph g, Tensor[] parts) {
    long elements = 0;
    for (Tensor part : parts) {
      elements += part.elements;
    }
    Node node =
        g.node(
            STACK,
            (graph, n) -> {
              for (int i = 0; i < n.inputs.length; i++) {
                n.outgoing[i] = graph.view(n.gradient().hold(), n.inputs[i].elements, null, 0);
              }
            },
            parts);
    try (Scope scope = Scope.of(g)) {
      scope.own(parts);
      return g.output("loss statistics", Category.LOGITS_AND_LOSS, elements, parts[0].dtype, node);
    }
  }

  private static Tensor numbers(Graph g, long elements, @Nullable Node node) {
    return g.output(
        "log-probabilities of labels", Category.LOGITS_AND_LOSS, elements, DataType.FP32, node);
  }
}
