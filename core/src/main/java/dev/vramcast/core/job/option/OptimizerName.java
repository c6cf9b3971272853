package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** The update rule. */
public enum OptimizerName implements Named {
  ADAMW("adamw"),
  ADAMW_8BIT("adamw-8bit"),
  ADAMW_4BIT("adamw-4bit"),
  PAGED_ADAMW("paged-adamw"),
  PAGED_ADAMW_8BIT("paged-adamw-8bit"),
  ADAFACTOR("adafactor"),
  LION("lion"),
  LION_8BIT("lion-8bit"),
  SGD("sgd"),
  MUON("muon"),
  GALORE("galore"),
  NONE("none");

  private final String label;

  OptimizerName(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
