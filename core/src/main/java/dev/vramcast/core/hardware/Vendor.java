package dev.vramcast.core.hardware;

/** Who makes a device. */
public enum Vendor {
  NVIDIA("NVIDIA"),
  AMD("AMD"),
  INTEL("Intel"),
  GOOGLE("Google");

  private final String label;

  Vendor(String label) {
    this.label = label;
  }

  /** The name people write. */
  public String label() {
    return label;
  }
}
