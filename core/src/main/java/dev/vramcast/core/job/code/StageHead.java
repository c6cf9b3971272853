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

  /** As {@link #WHOLE}, in the dtype in which the trainer is given the logits. */
  AT_ONCE("log-probabilities at once"),

  /**
   * Logits of labelled tokens in chunks that are all kept, as {@code torch.compile} does where a
   * product would have to be repeated.
   */
  KEPT_CHUNKS("kept chunks of logits"),

  /**
   * Log-probabilities of labelled tokens over a piece of the logits at a time, with the gradient of
   * the hidden states beside them where the head is frozen.
   */
  GRADIENT_BESIDE("gradient beside log-probabilities"),

  /** Liger's loss over one sequence after the other, with all gradients in the forward pass. */
  LIGER("Liger's loss"),

  /**
   * Log-probabilities of some hundred tokens at a time, each saved in fp32: from pieces of the
   * hidden states, or of whole logits.
   */
  PIECES("pieces of log-probabilities"),

  /** One number a sequence: there is no output layer over the vocabulary. */
  SCORE("score"),

  /** A number a token beside logits of all tokens, which nobody reads. */
  BESIDE_LOGITS("values beside logits"),

  /** One vector a sequence, from its last hidden states. */
  POOLED("pooled hidden states"),

  /**
   * Whole logits of two models, their divergence in fp32 ({@code sum(P * (log P - log Q))}), and
   * the cross-entropy of the labels beside it.
   */
  FORWARD_KL("divergence of whole logits"),

  /**
   * As {@link #FORWARD_KL}, of logits that both heads give in chunks which are all kept, and of
   * {@code sum(P * log Q)}.
   */
  CHUNKED_KL("divergence of chunked outputs"),

  /** Whole logits of two models, and their divergence over some hundred tokens at a time. */
  JENSEN_SHANNON("divergence over pieces of whole logits"),

  /** As {@link #JENSEN_SHANNON}, over all tokens at once, of which those with a label count. */
  GENERALIZED("divergence of whole logits at once");

  private final String label;

  StageHead(String label) {
    this.label = label;
  }

  /** Whether only tokens that have a label go through the head, so that no logits are whole. */
  public boolean selects() {
    return switch (this) {
      case TILES, KEPT_CHUNKS, GRADIENT_BESIDE, LIGER -> true;
      case SEQUENCES,
          KERNEL,
          IN_PLACE,
          WHOLE,
          AT_ONCE,
          PIECES,
          SCORE,
          BESIDE_LOGITS,
          POOLED,
          FORWARD_KL,
          CHUNKED_KL,
          JENSEN_SHANNON,
          GENERALIZED ->
          false;
    };
  }

  /** Whether the logits of two models are compared. */
  public boolean comparesLogits() {
    return switch (this) {
      case FORWARD_KL, CHUNKED_KL, JENSEN_SHANNON, GENERALIZED -> true;
      case TILES,
          SEQUENCES,
          KERNEL,
          IN_PLACE,
          WHOLE,
          AT_ONCE,
          KEPT_CHUNKS,
          GRADIENT_BESIDE,
          LIGER,
          PIECES,
          SCORE,
          BESIDE_LOGITS,
          POOLED ->
          false;
    };
  }

  @Override
  public String label() {
    return label;
  }
}
