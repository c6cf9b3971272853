package dev.vramcast.core.calibration;

import dev.vramcast.core.trace.Category;

/** What memory at a peak is for, as coarse as the stacks of a real run can tell. */
public enum Component {
  WEIGHTS("weights and adapters"),
  GRADIENTS("gradients"),
  OPTIMIZER("optimizer states"),
  LOGITS_AND_LOSS("logits and loss"),
  /** What a step makes beside: saved activations, their gradients, temporaries, buffers. */
  STEP("activations and temporaries"),
  /** There before the trace began, without a stack. */
  BEFORE("there before the trace began"),
  /** Made while the trace ran, without a stack that tells more. */
  UNKNOWN("made in the trace, no stack to tell by");

  private final String label;

  Component(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  /** The component that a category of the trace belongs to. */
  public static Component of(Category category) {
    return switch (category) {
      case WEIGHTS, ADAPTERS, GATHERED -> WEIGHTS;
      case GRADIENTS -> GRADIENTS;
      case OPTIMIZER -> OPTIMIZER;
      case LOGITS_AND_LOSS -> LOGITS_AND_LOSS;
      case COMMUNICATION, ACTIVATIONS, TEMPORARIES, ENGINE, OTHER -> STEP;
    };
  }
}
