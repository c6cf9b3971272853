package dev.vramcast.core.job.code;

/** How long a training loop holds the outputs of the model. */
public enum KeptOutputs {
  /** They are dropped once there is a loss. */
  UNTIL_LOSS,
  /** Through the backward pass, but no step finds those of another. */
  THROUGH_BACKWARD,
  /** Until the forward pass of the next step has returned its own. */
  INTO_NEXT_STEP
}
