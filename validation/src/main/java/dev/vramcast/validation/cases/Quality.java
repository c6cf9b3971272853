package dev.vramcast.validation.cases;

import dev.vramcast.core.input.Named;

/** How much of the measured job is known. */
public enum Quality implements Named {
  /** Real code was run and every storage counted. */
  EXACT("exact"),
  /** Published with every setting that matters. */
  COMPLETE("complete"),
  /** Published with one setting unknown. */
  NEAR("near");

  private final String label;

  Quality(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
