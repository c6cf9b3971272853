package dev.vramcast.core.time;

import java.time.Duration;

/**
 * How long a run takes.
 *
 * @param tokens that GPUs work on, padding included
 * @param steps optimizer steps
 * @param startup before the first step: image, weights, tokenisation
 * @param training all steps
 * @param evaluation forward passes over what is held out
 * @param checkpoints time to write them
 * @param low of {@link #total()}, when training is as fast as the fastest of ten runs
 * @param high of {@link #total()}, when it is as slow as the slowest of ten
 */
public record RunEstimate(
    double tokens,
    long steps,
    Duration startup,
    Duration training,
    Duration evaluation,
    Duration checkpoints,
    Duration low,
    Duration high) {

  /** From the start of the machine to the last checkpoint. */
  public Duration total() {
    return startup.plus(training).plus(evaluation).plus(checkpoints);
  }
}
