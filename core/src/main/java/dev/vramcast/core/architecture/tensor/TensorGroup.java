package dev.vramcast.core.architecture.tensor;

/** The part of a model that a parameter tensor belongs to. */
public enum TensorGroup {
  EMBEDDING,
  ATTENTION,
  MLP,
  ROUTER,
  EXPERTS,
  NORM,
  HEAD,
  TOWER,
  /** A table of a tower's that nobody trains. */
  FIXED_TOWER;

  /** Whether it stands beside the language model. */
  public boolean isTower() {
    return this == TOWER || this == FIXED_TOWER;
  }
}
