package dev.vramcast.core.job;

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
