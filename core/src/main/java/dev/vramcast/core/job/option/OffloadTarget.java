package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** What is kept in host memory. */
public enum OffloadTarget implements Named {
  PARAMETERS("parameters"),
  OPTIMIZER("optimizer"),
  ACTIVATIONS("activations");

  private final String label;

  OffloadTarget(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
