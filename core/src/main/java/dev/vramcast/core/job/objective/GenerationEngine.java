package dev.vramcast.core.job.objective;

import dev.vramcast.core.input.Named;

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

  /** Whether it computes probabilities by code of its own, beside the model that is trained. */
  public boolean isOfItsOwn() {
    return switch (this) {
      case VLLM_COLOCATE, VLLM_SERVER, SGLANG_COLOCATE, SGLANG_SERVER, SHARED -> true;
      case NONE, TRANSFORMERS, DEEPSPEED_HYBRID -> false;
    };
  }
}
