package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** How logits and cross-entropy are computed. */
public enum LossKernel implements Named {
  FULL("full"),
  CHUNKED("chunked"),
  LIGER("liger"),
  CCE("cce"),
  TRITON("triton");

  private final String label;

  LossKernel(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
