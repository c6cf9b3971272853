package dev.vramcast.validation.cases;

import dev.vramcast.core.input.Named;

/** What a measured figure counts. */
public enum MeasuredKind implements Named {
  /** PyTorch's peak of allocated bytes. */
  ALLOCATED("allocated"),
  /** What the caching allocator has taken from the driver. */
  RESERVED("reserved"),
  /** What the driver reports: reserved, CUDA context and NCCL. */
  DEVICE("device"),
  /** The source does not say. */
  UNSTATED("unstated");

  private final String label;

  MeasuredKind(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
