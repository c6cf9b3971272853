package dev.vramcast.validation.cases;

import dev.vramcast.core.input.Named;

/** How the measured run ended. */
public enum Status implements Named {
  OK("ok"),
  /** Out of memory: the figure is the capacity that was exceeded. */
  OUT_OF_MEMORY("oom");

  private final String label;

  Status(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
