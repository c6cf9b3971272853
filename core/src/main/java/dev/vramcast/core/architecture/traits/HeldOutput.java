package dev.vramcast.core.architecture.traits;

/** What a layer's code has a name of its own for, so that it lives until the layer returns. */
public enum HeldOutput {
  /** What the mixer gives. */
  MIXER,
  /** What the MLP's activation gives, until the MLP's output is added and normalised. */
  ACTIVATION,
  /** What norms give mixer and MLP. */
  NORMS,
  /** What is added to the residual stream, until the sum is normalised (BertOutput). */
  SUMMAND
}
