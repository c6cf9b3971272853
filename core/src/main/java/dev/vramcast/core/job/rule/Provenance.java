package dev.vramcast.core.job.rule;

import dev.vramcast.core.input.Named;

/** Why a value of a resolved job is what it is. */
public enum Provenance implements Named {
  /** The user said so; the note says where. */
  SET("set"),
  /** Most people set it so; the note says why. */
  RECOMMENDED("recommended"),
  /** The framework does this when nothing is said; the note names it and the file that decides. */
  FRAMEWORK_DEFAULT("framework default"),
  /** It follows from other values; the note says from which. */
  DERIVED("derived"),
  /** Nobody said so: a default of the job document, or the usual case. */
  ASSUMED("assumed");

  private final String label;

  Provenance(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
