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
 * @param memoryBound norms, activation functions, adapters, fake quantisation and the like, which
 *     wait for memory
 * @param dequantisation unpacking of a quantised base
 * @param tower all of a vision tower, which runs on images
 * @param loss of {@code memoryBound}, what cross-entropy takes
 * @param experts of {@code linear}, what routed experts take
 */
public record KernelTime(
    double linear,
    double head,
    double attention,
    double memoryBound,
    double dequantisation,
    TowerTime tower,
    double loss,
    double experts) {

  static KernelTime of(StepTime.Inputs in) {
    ModelWork work = in.work();
    Passes passes = in.passes().priced(in.all().of(SpeedCoefficient.RECOMPUTED));
    Rates rates = in.rates();
    double again = passes.again();
    double attention = 2 * rates.attention().operations(work) * attended(passes) * rates.kernels();
    double linear = 2 * (passes.linear() + again) * rates.kernels() / rates.linear();
    double weights = expertWeights(in, passes);
    double loss = loss(in, passes);
    return new KernelTime(
        linear * work.linear() + beside(in, passes),
        2 * work.head() * (passes.head() + passes.forwards()) * rates.kernels() / rates.head(),
        attention / (rates.head() * rates.attention().speed()),
        memoryBound(in, passes) + loss + weights + routed(in, passes),
        rates.traffic().dequantised() * work.stored() * (2 + again) / rates.memory() / in.tokens(),
        in.overheads().tower(),
        loss,
        linear * work.activeExperts());
  }

  /** What products of the layers take beside their operations. */
  private static double beside(StepTime.Inputs in, Passes passes) {
    ModelWork.Shapes shapes = in.work().shapes();
    double bytes =
        Coefficients.OPERANDS
            * Coefficients.WEIGHT_BYTES
            * (shapes.operands() + shapes.matrices() / in.tokens());
    double started =
        Coefficients.PRODUCT * shapes.products() * in.layout().degrees().stageWidth() / in.tokens();
    return (passes.linear() + passes.again()) * (bytes / in.rates().memory() + started);
  }

  /**
   * Of each expert, the weights: it sees few of the tokens, so that its products wait for its
   * weights, which every pass reads.
   */
  private static double expertWeights(StepTime.Inputs in, Passes passes) {
    double bytes =
        Coefficients.WEIGHT_BYTES
            * in.overheads().residentExperts()
            * (passes.linear() + passes.again());
    return bytes / in.tokens() / in.rates().memory();
  }

  /** Tokens on their way to experts, through them and back. */
  private static double routed(StepTime.Inputs in, Passes passes) {
    ModelWork.Routed routed = in.work().shapes().routed();
    double bytes =
        Coefficients.ROUTED_BYTES * routed.hidden() + Coefficients.INNER_BYTES * routed.inner();
    return bytes * (passes.linear() + passes.again()) / in.rates().memory();
  }

  /**
   * Activations. Without sequence parallelism, each GPU of a tensor-parallel group runs norms and
   * residuals on all of the residual stream.
   */
  private static double memoryBound(StepTime.Inputs in, Passes passes) {
    ModelWork work = in.work();
    double copied = work.layers() * work.hidden() * (in.layout().degrees().copies() - 1);
    double activations = 2 * (work.activations() + copied) * in.rates().traffic().passes();
    double beside = in.overheads().besideBytes() / in.tokens();
    return (activations * passes.growth() + beside) / in.rates().memory();
  }

  /** Logits, forward and backward. */
  private static double loss(StepTime.Inputs in, Passes passes) {
    double logits = in.work().head() / in.work().hidden();
    double bytes = in.rates().traffic().logit() * (1 + passes.forwards() / 3);
    return logits * bytes / in.rates().memory();
  }

  /** Forward passes that attention takes. */
  private static double attended(Passes passes) {
    return Coefficients.ATTENTION_PASSES + passes.recomputed().attention() + passes.forwards();
  }

  double sum() {
    return linear + head + attention + memoryBound + dequantisation + tower.kernels();
  }

  /** Of the same, the first forward pass. */
  double forward(Passes passes) {
    double again = passes.again();
    return linear / (passes.linear() + again)
        + head / (passes.head() + passes.forwards())
        + attention / attended(passes)
        + (memoryBound - loss) / (3 * passes.growth())
        + loss / (3 + passes.forwards())
        + dequantisation / (2 + again)
        + tower.forward();
  }
}
