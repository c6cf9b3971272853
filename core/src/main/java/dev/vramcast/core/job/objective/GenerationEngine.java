package dev.vramcast.core.job.objective;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.job.option.QuantizationScheme;

/** Who generates completions. */
public enum GenerationEngine implements Named {
  NONE("none"),
  TRANSFORMERS("transformers"),
  VLLM_COLOCATE("vllm-colocate"),
  VLLM_SERVER("vllm-server"),
  SGLANG_COLOCATE("sglang-colocate"),
  SGLANG_SERVER("sglang-server"),
  DEEPSPEED_HYBRID("deepspeed-hybrid"),
  SHARED("shared");

  private final String label;

  GenerationEngine(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /** Whether it takes a share of the cards that train. */
  public boolean sharesCards() {
    return this == VLLM_COLOCATE || this == SGLANG_COLOCATE || this == SHARED;
  }

  /** Whether it is a server, whose cards train nothing. */
  public boolean hasOwnCards() {
    return this == VLLM_SERVER || this == SGLANG_SERVER;
  }

  /** Whether a job's completions come from an engine on the cards that train. */
  public static boolean sharesCards(Objective objective) {
    return objective.generated().filter(each -> each.engine().sharesCards()).isPresent();
  }

  /** Whether the policy is made of its weights, so that they are on the cards once. */
  public boolean lendsWeights() {
    return this == SHARED;
  }

  /** Whether it quantises what it loads, as TRL's does beside a quantised policy. */
  public boolean quantisesBeside(QuantizationScheme policy) {
    return this == VLLM_COLOCATE && policy != QuantizationScheme.NONE;
  }

  /** Whether a job's engine gives its share of the cards back between generations. */
  public static boolean sleeps(Objective objective) {
    return objective
        .generated()
        .filter(each -> each.engine().sharesCards())
        .flatMap(each -> each.resident().sleep())
        .filter(level -> level > 0)
        .isPresent();
  }

  /** Whether it computes probabilities by code of its own, beside the model that is trained. */
  public boolean isOfItsOwn() {
    return switch (this) {
      case VLLM_COLOCATE, VLLM_SERVER, SGLANG_COLOCATE, SGLANG_SERVER, SHARED -> true;
      case NONE, TRANSFORMERS, DEEPSPEED_HYBRID -> false;
    };
  }
}
