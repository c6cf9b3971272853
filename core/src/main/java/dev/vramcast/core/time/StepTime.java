package dev.vramcast.core.time;

import dev.vramcast.core.time.rate.Coefficients;
import dev.vramcast.core.time.rate.Exchange;
import dev.vramcast.core.time.rate.Layout;
import dev.vramcast.core.time.rate.Rates;
import dev.vramcast.core.time.work.ModelWork;
import dev.vramcast.core.time.work.Passes;

/**
 * The time of a step, in seconds of one GPU for each token. Under tensor, pipeline or context
 * parallelism a token occupies several GPUs, so that a step of so many tokens takes a part of it.
 *
 * @param linear products of the layers
 * @param head products behind the layers
 * @param attention scores and their products with values
 * @param memoryBound norms, activation functions and the like, which wait for memory
 * @param dequantisation unpacking of a quantised base
 * @param launch the CPU's time to launch all of this, in part beside it
 * @param communication between GPUs that nothing hides
 * @param optimizer the update
 * @param loss time relative to GPUs that lose nothing to each other
 * @param experts time relative to a dense model of what a token visits; 1 for a dense model
 */
public record StepTime(
    double linear,
    double head,
    double attention,
    double memoryBound,
    double dequantisation,
    double launch,
    double communication,
    double optimizer,
    double loss,
    double experts) {

  /**
   * What the step is made of.
   *
   * @param tokens of one micro-step of one data-parallel rank
   * @param gradAccum micro-steps of an optimizer step
   * @param launchSeconds to launch one layer without adapters, forward and backward
   * @param exchange between GPUs
   * @param optimizerBytes that one optimizer step moves on one GPU
   * @param experts as {@link StepTime#experts}
   */
  record Inputs(
      ModelWork work,
      Passes passes,
      Rates rates,
      Layout layout,
      double tokens,
      double gradAccum,
      double launchSeconds,
      Exchange exchange,
      double optimizerBytes,
      double experts) {}

  static StepTime of(Inputs in) {
    ModelWork work = in.work();
    Passes passes = in.passes();
    Rates rates = in.rates();
    Layout layout = in.layout();
    double again = passes.again();
    double attention =
        2 * work.attention() * (Coefficients.ATTENTION_PASSES + again) * rates.kernels();
    double perToken = layout.modelParallel() / in.tokens();
    StepTime busy =
        new StepTime(
            2 * work.linear() * (passes.linear() + again) * rates.kernels() / rates.linear(),
            2 * work.head() * (passes.head() + passes.forwards()) * rates.kernels() / rates.head(),
            attention / (rates.head() * rates.attention()),
            2 * work.activations() * bytesOfPasses(passes) / rates.memory(),
            rates.dequantised() * work.stored() * (2 + again) / rates.memory() / in.tokens(),
            launch(in),
            0,
            in.optimizerBytes() / rates.memory() * perToken / in.gradAccum(),
            layout.loss(),
            in.experts());
    return busy.with(in.exchange(), in.tokens(), in.gradAccum());
  }

  private static double bytesOfPasses(Passes passes) {
    return Coefficients.MEMORY_PASSES * passes.growth();
  }

  /** Each pipeline stage launches its own layers; the other degrees launch all of them. */
  private static double launch(Inputs in) {
    double adapters = in.passes().adapters() ? Coefficients.ADAPTER_LAUNCHES : 1;
    int ranks = in.layout().tensor() * in.layout().context();
    double layers = in.work().layers() * in.launchSeconds() * adapters * in.passes().growth();
    return layers * ranks / in.tokens();
  }

  private StepTime with(Exchange exchange, double tokens, double gradAccum) {
    double hidden = exchange.overlap() * Math.max(busy(), launch);
    double overlapped = exchange.seconds(gradAccum) / tokens;
    return new StepTime(
        linear,
        head,
        attention,
        memoryBound,
        dequantisation,
        launch,
        Math.max(0, overlapped - hidden) + exchange.exposedPerToken(),
        optimizer,
        loss,
        experts);
  }

  /** What the GPU computes. */
  double busy() {
    return linear + head + attention + memoryBound + dequantisation;
  }

  /** What launching adds to {@link #busy()}. */
  double waiting() {
    double longer = Math.max(busy(), launch);
    return longer + Coefficients.UNHIDDEN * Math.min(busy(), launch) - busy();
  }

  /** Without what GPUs and experts lose. */
  double alone() {
    return busy() + waiting() + communication + optimizer;
  }

  /** Seconds for each token and GPU of a forward pass alone, as evaluation runs it. */
  double forward(Passes passes) {
    double again = passes.again();
    double third = 1 / (3 * passes.growth());
    double computed =
        linear / (passes.linear() + again)
            + head / (passes.head() + passes.forwards())
            + attention / (Coefficients.ATTENTION_PASSES + again)
            + memoryBound * third
            + dequantisation / (2 + again);
    double launched = launch * third;
    double longer = Math.max(computed, launched);
    return (longer + Coefficients.UNHIDDEN * Math.min(computed, launched)) * loss * experts;
  }

  double total() {
    return alone() * loss * experts;
  }
}
