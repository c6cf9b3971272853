package dev.vramcast.core.plan.search;

import dev.vramcast.core.input.Named;

/** Against which time of a run limits are held, in percent of runs that are no slower. */
public enum Confidence implements Named {
  /** The estimate itself. */
  ESTIMATE("50"),
  /** The high end of its range, which one of ten runs was beyond. */
  HIGH("90");

  private final String label;

  Confidence(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
