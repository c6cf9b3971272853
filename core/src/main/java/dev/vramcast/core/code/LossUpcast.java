package dev.vramcast.core.code;

/** Where the logits become fp32. */
public enum LossUpcast {
  /** The loss function makes an fp32 copy while the model's output holds the logits. */
  IN_LOSS,
  /** The model replaces its logits by an fp32 copy. */
  IN_MODEL,
  /** As in the model, while the result of a language model below holds the logits. */
  ABOVE_MODEL,
  /** Logits stay as they are; autocast makes the log-probabilities fp32. */
  NEVER
}
