package dev.vramcast.core.job.objective;

import dev.vramcast.core.input.Named;

/** Where reference log-probabilities come from. */
public enum ReferenceSource implements Named {
  NONE("none"),
  ADAPTER_OFF("adapter-off"),
  ADAPTER("adapter"),
  COPY("copy"),
  PRECOMPUTED("precomputed");

  private final String label;

  ReferenceSource(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
