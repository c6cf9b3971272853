package dev.vramcast.core.time;

import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
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
 * @param kernels what the GPU computes
 * @param launch the CPU's time to launch all of this, in part beside it
 * @param communication between GPUs that nothing hides
 * @param optimizer the update
 * @param loss time relative to GPUs that lose nothing to each other
 * @param experts time relative to a dense model of what a token visits; 1 for a dense model
 */
public record StepTime(
    KernelTime kernels,
    double launch,
    double communication,
    double optimizer,
    double loss,
    double experts) {

  /**
   * What the step is made of.
   *
   * @param tokens of one micro-step of one data-parallel rank
   * @param all that is fitted
   */
  record Inputs(
      ModelWork work,
      Passes passes,
      Rates rates,
      Layout layout,
      double tokens,
      Overheads overheads,
      SpeedCoefficients all) {}

  /**
   * What a step waits for beside its kernels.
   *
   * @param launchSeconds to launch one layer without adapters, forward and backward
   * @param exchange between GPUs
   * @param optimizerBytes that one optimizer step moves on one GPU
   * @param hostSeconds of one optimizer step on the CPU
   * @param residentExperts weights of routed experts on one data-parallel rank, which their
   *     products read; 0 where they are unpacked before
   * @param experts as {@link StepTime#experts}
   */
  record Overheads(
      double launchSeconds,
      Exchange exchange,
      double optimizerBytes,
      double hostSeconds,
      double residentExperts,
      double experts) {}

  static StepTime of(Inputs in) {
    Layout layout = in.layout();
    Overheads overheads = in.overheads();
    double perToken = layout.modelParallel() / in.tokens();
    double seconds = overheads.optimizerBytes() / in.rates().memory() + overheads.hostSeconds();
    double update = seconds * perToken;
    StepTime busy =
        new StepTime(
            KernelTime.of(in),
            launch(in),
            0,
            update / layout.microSteps(),
            layout.loss(),
            overheads.experts());
    return busy.with(overheads.exchange(), in.tokens(), layout.microSteps());
  }

  /** Each pipeline stage launches its own layers; the other degrees launch all of them. */
  private static double launch(Inputs in) {
    double adapters = in.passes().adapters() ? in.all().of(SpeedCoefficient.ADAPTER_LAUNCHES) : 1;
    int ranks = in.layout().degrees().stageWidth();
    double layers =
        in.work().layers() * in.overheads().launchSeconds() * adapters * in.passes().growth();
    return layers * ranks / in.tokens();
  }

  private StepTime with(Exchange exchange, double tokens, int microSteps) {
    double hidden = exchange.overlap() * Math.max(busy(), launch);
    double overlapped = exchange.seconds(microSteps) / tokens;
    return new StepTime(
        kernels,
        launch,
        Math.max(0, overlapped - hidden) + exchange.exposedPerToken(),
        optimizer,
        loss,
        experts);
  }

  /** What the GPU computes. */
  double busy() {
    return kernels.sum();
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
  double forward(Passes passes, SpeedCoefficients all) {
    double computed = kernels.forward(passes.priced(all.of(SpeedCoefficient.RECOMPUTED)));
    double launched = launch * (1 / (3 * passes.growth()));
    double longer = Math.max(computed, launched);
    return (longer + Coefficients.UNHIDDEN * Math.min(computed, launched)) * loss * experts;
  }

  double total() {
    return alone() * loss * experts;
  }
}
