package dev.vramcast.answers.guide;

import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.rule.RuleMethod;
import dev.vramcast.core.rule.RuleOfThumb;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How far rule and trace are apart in one part of the memory.
 *
 * @param part its name
 * @param bytes of the trace less those of the rule
 * @param reason why they differ
 */
record Difference(String part, long bytes, String reason) {

  /** The largest difference in one line. */
  static String largest(
      RuleOfThumb rule, RuleMethod method, RankEstimate trace, Architecture architecture) {
    Difference largest =
        Stream.of(
                weights(rule, method, trace, architecture),
                gradients(rule, method, trace),
                optimizer(rule, method, trace),
                rest(rule, trace))
            .max(Comparator.comparingLong(difference -> Math.abs(difference.bytes)))
            .orElseThrow();
    String sign = largest.bytes < 0 ? "" : "+";
    return largest.part + " " + sign + Gib.gigabytes(largest.bytes) + " GB: " + largest.reason;
  }

  private static Difference weights(
      RuleOfThumb rule, RuleMethod method, RankEstimate trace, Architecture architecture) {
    long bytes =
        of(trace, Category.WEIGHTS, Category.ADAPTERS) - rule.weightBytes() - rule.adapterBytes();
    String count =
        "the model has "
            + Gib.rounded(Tensors.count(architecture) / 1e9, 2)
            + "B parameters, the class "
            + Gib.rounded(rule.sizeClass().size().parameters() / 1e9, 0)
            + "B";
    String reason =
        switch (method) {
          case FULL, LORA -> count;
          case QLORA ->
              (rule.sizeClass().size().isSparse() ? "experts, embeddings" : "embeddings")
                  + " and head are not quantised, and k-bit preparation raises them to 32 bits";
        };
    return new Difference("weights", bytes, reason);
  }

  private static Difference gradients(RuleOfThumb rule, RuleMethod method, RankEstimate trace) {
    long bytes = of(trace, Category.GRADIENTS) - rule.gradientBytes();
    String reason =
        switch (method) {
          case FULL ->
              rule.sizeClass().size().isSparse()
                  ? "every expert has gradients, not only those that a token visits"
                  : "the peak falls where not all gradients are alive";
          case LORA, QLORA ->
              bytes > 0
                  ? "adapters and their gradients have 32 bits"
                  : "the peak falls before the gradients of the adapters are there";
        };
    return new Difference("gradients", bytes, reason);
  }

  private static Difference optimizer(RuleOfThumb rule, RuleMethod method, RankEstimate trace) {
    long bytes = of(trace, Category.OPTIMIZER) - rule.optimizerBytes();
    String reason =
        switch (method) {
          case FULL ->
              rule.sizeClass().size().isSparse() && bytes > 0
                  ? "every expert has optimizer states, not only those that a token visits"
                  : "PyTorch's AdamW keeps its moments in the 16 bits of the weights";
          case LORA, QLORA ->
              rule.sizeClass().size().isSparse()
                  ? "every expert has adapters with their states"
                  : "adapters on all linear layers train more than the guide counts";
        };
    return new Difference("optimizer", bytes, reason);
  }

  private static Difference rest(RuleOfThumb rule, RankEstimate trace) {
    long bytes =
        of(
                trace,
                Category.ACTIVATIONS,
                Category.LOGITS_AND_LOSS,
                Category.TEMPORARIES,
                Category.OTHER)
            - rule.activationBytes();
    long logits = of(trace, Category.LOGITS_AND_LOSS);
    String reason =
        bytes > 0
            ? "the flat sum forgets logits and loss, here " + Gib.gigabytes(logits) + " GB"
            : "checkpointing keeps one hidden state a layer, the flat sum is for more tokens";
    return new Difference("activations", bytes, reason);
  }

  private static long of(RankEstimate trace, Category... categories) {
    return List.of(categories).stream()
        .mapToLong(category -> trace.breakdown().getOrDefault(category, 0L))
        .sum();
  }
}
