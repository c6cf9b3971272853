package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** Dtypes of parameters and compute; {@code -mixed} is autocast. */
public enum Precision implements Named {
  FP32("fp32"),
  BF16("bf16"),
  FP16("fp16"),
  BF16_MIXED("bf16-mixed"),
  FP16_MIXED("fp16-mixed");

  private final String label;

  Precision(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
