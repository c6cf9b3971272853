package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** FSDP2: which parameters share the root's group. */
public enum RootGroup implements Named {
  PLAIN("plain"),
  SPLIT("split"),
  PLAIN_RAF("plain_raf");

  private final String label;

  RootGroup(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
