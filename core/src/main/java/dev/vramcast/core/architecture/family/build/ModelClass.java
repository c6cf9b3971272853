package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.input.Named;

/** In which class of Transformers a model is loaded, where its config does not decide alone. */
public enum ModelClass implements Named {
  /** The one that its config names. */
  PUBLISHED("published"),
  /**
   * The one that {@code AutoModelForCausalLM} has for its type, which of some models with encoders
   * is the language model alone.
   */
  CAUSAL_LM("causal-lm"),
  /** The language model's own, without encoders. */
  TEXT("text");

  private final String label;

  ModelClass(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
