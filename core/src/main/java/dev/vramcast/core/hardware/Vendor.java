package dev.vramcast.core.hardware;

import dev.vramcast.core.input.Named;

/** Who makes a device. */
public enum Vendor implements Named {
  NVIDIA("NVIDIA"),
  AMD("AMD"),
  INTEL("Intel"),
  GOOGLE("Google"),
  APPLE("Apple");

  private final String label;

  Vendor(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
