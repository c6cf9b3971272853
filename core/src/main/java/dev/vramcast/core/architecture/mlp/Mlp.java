package dev.vramcast.core.architecture.mlp;

/** The position-wise part of a layer. */
public sealed interface Mlp permits GatedMlp, PlainMlp, MixtureOfExperts, NoMlp {

  /** Elements of all parameters. */
  long parameterCount();
}
