package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** What llama.cpp's {@code --outtype} and {@code llama-quantize} call the types of a file. */
public enum GgufType implements Named {
  F16("f16"),
  BF16("bf16"),
  Q8_0("q8_0"),
  Q6_K("q6_k"),
  Q5_K_M("q5_k_m"),
  Q4_K_M("q4_k_m");

  private final String label;

  GgufType(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /** Whether the converter writes it itself, without a file in 16 bits that is quantised then. */
  public boolean isConverted() {
    return this == F16 || this == BF16 || this == Q8_0;
  }
}
