package dev.vramcast.core.time;

import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.time.rate.Coefficients;
import dev.vramcast.core.time.rate.Rates;
import dev.vramcast.core.time.work.ModelWork;
import dev.vramcast.core.time.work.Passes;

/**
 * The time of what a GPU computes in a step, in seconds for each token.
 *
 * @param linear products of the layers
 * @param head products behind the layers
 * @param attention scores and their products with values
 * @param memoryBound norms, activation functions and the like, which wait for memory
 * @param dequantisation unpacking of a quantised base
 */
public record KernelTime(
    double linear, double head, double attention, double memoryBound, double dequantisation) {

  static KernelTime of(StepTime.Inputs in) {
    ModelWork work = in.work();
    Passes passes = in.passes().priced(in.all().of(SpeedCoefficient.RECOMPUTED));
    Rates rates = in.rates();
    double again = passes.again();
    double attention = 2 * work.attention() * attended(passes) * rates.kernels();
    return new KernelTime(
        2 * work.linear() * (passes.linear() + again) * rates.kernels() / rates.linear(),
        2 * work.head() * (passes.head() + passes.forwards()) * rates.kernels() / rates.head(),
        attention / (rates.head() * rates.attention()),
        memoryBound(in, passes),
        rates.dequantised() * work.stored() * (2 + again) / rates.memory() / in.tokens());
  }

  /**
   * Activations, and the weights of experts: each of these sees few of the tokens, so that its
   * products wait for its weights, which every pass reads.
   */
  private static double memoryBound(StepTime.Inputs in, Passes passes) {
    double activations =
        2 * in.work().activations() * in.all().of(SpeedCoefficient.MEMORY_PASSES) * passes.growth();
    double weights =
        Coefficients.WEIGHT_BYTES
            * in.overheads().residentExperts()
            * (passes.linear() + passes.again());
    return (activations + weights / in.tokens()) / in.rates().memory();
  }

  /** Forward passes that attention takes. */
  private static double attended(Passes passes) {
    return Coefficients.ATTENTION_PASSES + passes.recomputed().attention() + passes.forwards();
  }

  double sum() {
    return linear + head + attention + memoryBound + dequantisation;
  }

  /** Of the same, the first forward pass. */
  double forward(Passes passes) {
    double again = passes.again();
    return linear / (passes.linear() + again)
        + head / (passes.head() + passes.forwards())
        + attention / attended(passes)
        + memoryBound * (1 / (3 * passes.growth()))
        + dequantisation / (2 + again);
  }
}
