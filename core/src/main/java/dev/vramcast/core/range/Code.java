package dev.vramcast.core.range;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.job.code.FrameworkCode;

/** Whose modeling code a job runs. */
public enum Code implements Named {
  /** The transformers library, under whichever trainer. */
  TRANSFORMERS("transformers", "Transformers"),
  /** Models that the framework wrote for itself. */
  OWN("own", "models of its own");

  private final String label;
  private final String words;

  Code(String label, String words) {
    this.label = label;
    this.words = words;
  }

  static Code of(FrameworkCode framework) {
    return framework.hasOwnModels() ? OWN : TRANSFORMERS;
  }

  @Override
  public String label() {
    return label;
  }

  String words() {
    return words;
  }
}
