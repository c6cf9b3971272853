package dev.vramcast.core.job;

/** What is kept in host memory. */
public enum OffloadTarget implements Named {
  PARAMETERS("parameters"),
  OPTIMIZER("optimizer"),
  ACTIVATIONS("activations");

  private final String label;

  OffloadTarget(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
