package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** How sequences fill a batch. */
public enum Padding implements Named {
  PACKED("packed"),
  PADDED("padded"),
  LONGEST("longest");

  private final String label;

  Padding(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
