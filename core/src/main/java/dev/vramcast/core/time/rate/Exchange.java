package dev.vramcast.core.time.rate;

/**
 * What GPUs send each other.
 *
 * @param microStep seconds of a micro-step's gathers and reductions, which run beside the layers;
 *     of one rank, times the GPUs that a token occupies
 * @param optimizerStep as {@code microStep}, once an optimizer step, beside its last micro-step
 * @param exposedPerToken seconds of each token that stand between layers, as tensor parallelism
 *     does without kernels that overlap it
 * @param overlap of the time that a GPU computes or waits for the CPU, the part that the first two
 *     can hide behind
 */
public record Exchange(
    double microStep, double optimizerStep, double exposedPerToken, double overlap) {

  public static final Exchange NONE = new Exchange(0, 0, 0, 1);

  public Exchange plus(Exchange other) {
    return new Exchange(
        microStep + other.microStep,
        optimizerStep + other.optimizerStep,
        exposedPerToken + other.exposedPerToken,
        Math.min(overlap, other.overlap));
  }
}
