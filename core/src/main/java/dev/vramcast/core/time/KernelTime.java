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
    Passes passes = in.passes();
    Rates rates = in.rates();
    double again = passes.again();
    double attention =
        2 * work.attention() * (Coefficients.ATTENTION_PASSES + again) * rates.kernels();
    return new KernelTime(
        2 * work.linear() * (passes.linear() + again) * rates.kernels() / rates.linear(),
        2 * work.head() * (passes.head() + passes.forwards()) * rates.kernels() / rates.head(),
        attention / (rates.head() * rates.attention()),
        2
            * work.activations()
            * in.all().of(SpeedCoefficient.MEMORY_PASSES)
            * passes.growth()
            / rates.memory(),
        rates.dequantised() * work.stored() * (2 + again) / rates.memory() / in.tokens());
  }

  double sum() {
    return linear + head + attention + memoryBound + dequantisation;
  }

  /** Of the same, the first forward pass. */
  double forward(Passes passes) {
    double again = passes.again();
    return linear / (passes.linear() + again)
        + head / (passes.head() + passes.forwards())
        + attention / (Coefficients.ATTENTION_PASSES + again)
        + memoryBound * (1 / (3 * passes.growth()))
        + dequantisation / (2 + again);
  }
}
