package dev.vramcast.core.architecture.traits;

/** What code has a name of its own for, so that it lives until a layer or the model returns. */
public enum HeldOutput {
  /** What the mixer gives. */
  MIXER,
  /** What the MLP's activation gives, until the MLP's output is added and normalised. */
  ACTIVATION,
  /** As {@link #ACTIVATION}, in the place of the MLP's input, which nothing names from there on. */
  ACTIVATION_INSTEAD,
  /** What norms give mixer and MLP; the mixer alone where the MLP has no norm of its own. */
  NORMS,
  /** What is added to the residual stream, until the sum is normalised (BertOutput). */
  SUMMAND,
  /**
   * Rows of tokens and of learned positions beside their sum, until the model returns
   * (GPT2Model.forward, inputs_embeds and position_embeds).
   */
  POSITIONS
}
