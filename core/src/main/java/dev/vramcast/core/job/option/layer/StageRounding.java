package dev.vramcast.core.job.option.layer;

import dev.vramcast.core.input.Named;

/** What becomes of a number of stages that the ranks of a pipeline do not divide. */
public enum StageRounding implements Named {
  /** It is refused. */
  NONE("none"),
  UP("up"),
  DOWN("down");

  private final String label;

  StageRounding(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
