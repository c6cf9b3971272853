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
  /** An {@code nn.Embedding} of a tower's, such as its positions. */
  TOWER_TABLE,
  /** A table of a tower's that nobody trains. */
  FIXED_TOWER,
  /** As {@link #FIXED_TOWER}, in fp32 whatever the others are ({@code _keep_in_fp32_modules}). */
  FIXED_WIDE_TOWER;

  /** Whether it stands beside the language model. */
  public boolean isTower() {
    return this == TOWER || this == TOWER_TABLE || isFixed();
  }

  /** Whether nobody trains it. */
  public boolean isFixed() {
    return this == FIXED_TOWER || this == FIXED_WIDE_TOWER;
  }
}
