package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** Fused kernels beside the loss. */
public enum LigerKernel implements Named {
  RMS_NORM("rms_norm"),
  SWIGLU("swiglu"),
  ROPE("rope");

  private final String label;

  LigerKernel(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
