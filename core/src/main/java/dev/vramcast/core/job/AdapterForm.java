package dev.vramcast.core.job;

import dev.vramcast.core.job.option.Method;

/** What an adapter adds to a linear layer, each a folder of {@code peft/tuners}. */
public enum AdapterForm {
  /** The product of two factors beside the weight ({@code lora}). */
  LOW_RANK,
  /** As {@link #LOW_RANK}, with a magnitude for each output ({@code lora/dora.py}). */
  DORA,
  /** Rotations of blocks of the input ({@code oft}). */
  ROTATION,
  /** A factor for each feature of the input or of the output ({@code ia3}). */
  SCALING,
  /** Vectors around products with matrices that all layers share ({@code vera}). */
  SHARED,
  /** A matrix made of two products of factors, element by element ({@code loha}). */
  HADAMARD,
  /** A matrix made of the Kronecker product of two ({@code lokr}). */
  KRONECKER,
  /** One factor, by which sums over blocks of the input are multiplied ({@code miss}). */
  BLOCK_SUMS;

  /** That of a method that trains adapters. */
  public static AdapterForm of(Method method) {
    return switch (method) {
      case DORA -> DORA;
      case OFT -> ROTATION;
      case IA3 -> SCALING;
      case VERA -> SHARED;
      case LOHA -> HADAMARD;
      case LOKR -> KRONECKER;
      case MISS -> BLOCK_SUMS;
      case LORA, QLORA, RSLORA, PISSA, FULL, FREEZE, GALORE -> LOW_RANK;
    };
  }

  /** Whether its factors have a rank. */
  public boolean hasRank() {
    return this != ROTATION && this != SCALING;
  }

  /** Whether inputs are dropped before it. */
  public boolean drops() {
    return isLora() || this == SHARED || this == BLOCK_SUMS;
  }

  /** Whether it is LoRA, or a variant of it. */
  public boolean isLora() {
    return this == LOW_RANK || this == DORA;
  }

  /** Whether it takes the place of the linear's product with a matrix that is made for a pass. */
  public boolean makesWeights() {
    return this == HADAMARD || this == KRONECKER;
  }
}
