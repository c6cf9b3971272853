package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** Where adapters are merged into the weights that they adapt. */
public enum MergeDevice implements Named {
  /** The whole model is on the card. */
  GPU("gpu"),
  /** The whole model is in the host's memory. */
  CPU("cpu"),
  /**
   * Files of the 16-bit weights are changed tensor by tensor, each on the card for a moment, beside
   * the model that was trained.
   */
  FILES("files"),
  /**
   * The same by a process of its own, beside no model: whole files are changed and then written.
   */
  FILE_BY_FILE("file-by-file");

  private final String label;

  MergeDevice(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
