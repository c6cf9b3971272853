package dev.vramcast.core.time;

/**
 * What GPUs send each other.
 *
 * @param microStep seconds of a micro-step's gathers and reductions, which run beside the layers;
 *     of one rank, times the GPUs that a token occupies
 * @param optimizerStep as {@code microStep}, once an optimizer step
 * @param exposedPerToken seconds of each token that stand between layers, as tensor parallelism
 *     does without kernels that overlap it
 * @param overlap of the time that a GPU computes or waits for the CPU, the part that the first two
 *     can hide behind
 */
record Exchange(double microStep, double optimizerStep, double exposedPerToken, double overlap) {

  static final Exchange NONE = new Exchange(0, 0, 0, Coefficients.OVERLAP);

  /** Seconds a micro-step that other work may hide. */
  double seconds(double gradAccum) {
    return microStep + optimizerStep / gradAccum;
  }

  Exchange plus(Exchange other) {
    return new Exchange(
        microStep + other.microStep,
        optimizerStep + other.optimizerStep,
        exposedPerToken + other.exposedPerToken,
        Math.min(overlap, other.overlap));
  }
}
