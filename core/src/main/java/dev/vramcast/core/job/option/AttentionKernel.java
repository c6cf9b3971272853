package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** The attention implementation. */
public enum AttentionKernel implements Named {
  FLASH("flash"),
  SDPA("sdpa"),
  EAGER("eager"),
  FLEX("flex");

  private final String label;

  AttentionKernel(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
