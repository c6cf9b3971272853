package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** What is kept in host memory. */
public enum OffloadTarget implements Named {
  PARAMETERS("parameters"),
  OPTIMIZER("optimizer"),
  ACTIVATIONS("activations"),

  /** Routed experts, which the host multiplies in bf16. */
  EXPERTS("experts"),

  /** Routed experts, which the host multiplies in int8. */
  EXPERTS_INT8("experts-int8");

  private final String label;

  OffloadTarget(String label) {
    this.label = label;
  }

  /** Whether it is of routed experts, which are where they are kept. */
  public boolean isOfExperts() {
    return this == EXPERTS || this == EXPERTS_INT8;
  }

  @Override
  public String label() {
    return label;
  }
}
