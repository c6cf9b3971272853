package dev.vramcast.core.hardware;

import dev.vramcast.core.input.Named;

/** Who makes a device. */
public enum Vendor implements Named {
  NVIDIA("NVIDIA", true),
  AMD("AMD", true),
  INTEL("Intel", false),
  GOOGLE("Google", false),
  APPLE("Apple", false);

  private final String label;
  private final boolean runsCuda;

  Vendor(String label, boolean runsCuda) {
    this.label = label;
    this.runsCuda = runsCuda;
  }

  /**
   * Whether PyTorch runs its CUDA code there, as it does under ROCm. On others memory is counted as
   * under CUDA, and no known run says how far off that is.
   */
  public boolean runsCuda() {
    return runsCuda;
  }

  @Override
  public String label() {
    return label;
  }
}
