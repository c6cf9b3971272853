package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** Parts of a model with encoders that may stay as they are. */
public enum FrozenPart implements Named {
  /** Encoders of images and sound. */
  TOWERS("towers"),
  /** What brings their results to the width of the language model. */
  PROJECTORS("projectors");

  private final String label;

  FrozenPart(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
