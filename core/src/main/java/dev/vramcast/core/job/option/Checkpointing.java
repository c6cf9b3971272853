package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** Activation checkpointing of decoder layers. */
public enum Checkpointing implements Named {
  NONE("none"),
  FULL("full"),
  SELECTIVE("selective"),
  OFFLOADED("offloaded");

  private final String label;

  Checkpointing(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
