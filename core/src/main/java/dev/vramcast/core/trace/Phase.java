package dev.vramcast.core.trace;

/** The parts of a run, in their order. */
public enum Phase {
  LOAD("load"),
  GENERATION("generation"),
  EVALUATION("evaluation"),
  NO_GRAD_LAYERS("forward without gradients, layers"),
  NO_GRAD_HEAD("forward without gradients, head"),
  FORWARD_LAYERS("forward, layers"),
  FORWARD_HEAD("forward, head and loss"),
  BACKWARD_HEAD("backward, loss and head"),
  BACKWARD_LAYERS("backward, layers"),
  CLIP("gradient clipping"),
  STEP("optimizer step");

  private final String label;

  Phase(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
