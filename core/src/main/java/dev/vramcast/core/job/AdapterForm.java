package dev.vramcast.core.job;

import dev.vramcast.core.job.option.Method;

/** What an adapter adds to a linear layer, each a folder of {@code peft/tuners}. */
public enum AdapterForm {
  /** The product of two factors beside the weight ({@code lora}). */
  LOW_RANK,
  /** As {@link #LOW_RANK}, with a magnitude for each output ({@code lora/dora.py}). */
  DORA,
  /** Rotations of blocks of the input ({@code oft}). */
  ROTATION;

  /** That of a method that trains adapters. */
  public static AdapterForm of(Method method) {
    return switch (method) {
      case DORA -> DORA;
      case OFT -> ROTATION;
      case LORA, QLORA, RSLORA, PISSA, FULL, FREEZE, GALORE -> LOW_RANK;
    };
  }

  /** Whether its factors have a rank. */
  public boolean hasRank() {
    return this != ROTATION;
  }
}
