package dev.vramcast.validation.cases;

import dev.vramcast.core.input.Named;

/** Of how many GPUs a measured speed is. */
public enum SpeedScope implements Named {
  GPU("gpu"),
  TOTAL("total");

  private final String label;

  SpeedScope(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
