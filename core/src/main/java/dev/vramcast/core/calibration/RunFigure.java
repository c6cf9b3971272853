package dev.vramcast.core.calibration;

/** An amount of memory of one GPU that a run reports. */
public enum RunFigure {
  /** Allocated once the model is loaded, before the first step. */
  AFTER_LOAD("after load"),
  /** Peak of what PyTorch's allocator has given out. */
  ALLOCATED("allocated"),
  /** Peak of what PyTorch's allocator has taken from the driver. */
  RESERVED("reserved"),
  /** What the driver says that is in use on the device. */
  DEVICE("on the device");

  private final String label;

  RunFigure(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
