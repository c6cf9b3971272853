package dev.vramcast.core.job.code;

import dev.vramcast.core.input.Named;

/** What a trainer of a stage asks of a model's head, and how it gets it. */
public enum StageHead implements Named {
  /** Log-probabilities of labelled tokens over tiles of the logits, which are never whole. */
  TILES("tiles"),

  /**
   * Whole logits, of which each sequence's log-probabilities are made by themselves: {@code
   * logsumexp} of fp32, {@code log_softmax} of 16-bit logits.
   */
  SEQUENCES("rows of logits"),

  /** Whole logits and one kernel over them, which saves the logits and two numbers a token. */
  KERNEL("kernel over logits"),

  /**
   * Whole logits and one kernel over them, which saves the logits and a number a token, and makes
   * their gradient in their place.
   */
  IN_PLACE("kernel in place of logits"),

  /** Whole logits, and the {@code log_softmax} of all of them at once, which is saved. */
  WHOLE("whole log-probabilities"),

  /** One number a sequence: there is no output layer over the vocabulary. */
  SCORE("score");

  private final String label;

  StageHead(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
