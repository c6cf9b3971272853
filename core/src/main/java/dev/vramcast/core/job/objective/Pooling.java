package dev.vramcast.core.job.objective;

import dev.vramcast.core.input.Named;

/** How the hidden states of a sequence become one vector (sentence_transformers Pooling). */
public enum Pooling implements Named {
  /** The mean over the tokens that are no padding. */
  MEAN("mean"),

  /** The first token's. */
  CLS("cls"),

  /** The last token's that is no padding. */
  LAST("last");

  private final String label;

  Pooling(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
