package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** Where adapters are merged into the weights that they adapt. */
public enum MergeDevice implements Named {
  GPU("gpu"),
  CPU("cpu");

  private final String label;

  MergeDevice(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
