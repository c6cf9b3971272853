package dev.vramcast.core.time;

import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.time.rate.Coefficients;
import dev.vramcast.core.time.rate.Exchange;
import dev.vramcast.core.time.rate.Layout;
import dev.vramcast.core.time.rate.Rates;
import dev.vramcast.core.time.work.ModelWork;
import dev.vramcast.core.time.work.Passes;
import java.util.Optional;

/**
 * The time of a step, in seconds of one GPU for each token. Under tensor, pipeline or context
 * parallelism a token occupies several GPUs, so that a step of so many tokens takes a part of it.
 *
 * @param kernels what the GPU computes
 * @param launch the CPU's time to launch all of this, in part beside it
 * @param communication between GPUs that nothing hides
 * @param optimizer the update
 * @param loss time relative to GPUs that lose nothing to each other
 * @param experts what routing and uneven experts add; 0 for a dense model
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
   * @param experts of a mixture of experts; empty for a dense model
   * @param besideBytes that fake quantisation and adapters move in a micro-step
   * @param tower of the images
   */
  record Overheads(
      double launchSeconds,
      Exchange exchange,
      double optimizerBytes,
      double hostSeconds,
      double residentExperts,
      Optional<Experts> experts,
      double besideBytes,
      TowerTime tower) {}

  /**
   * How routed experts run.
   *
   * @param factor time relative to dense products of what a token visits
   * @param looped one after the other, so that the factor is that of the whole model
   */
  record Experts(double factor, boolean looped) {}

  static StepTime of(Inputs in) {
    Layout layout = in.layout();
    Overheads overheads = in.overheads();
    double perToken = layout.modelParallel() / in.tokens();
    double seconds = overheads.optimizerBytes() / in.rates().memory() + overheads.hostSeconds();
    double update = seconds * perToken;
    StepTime busy =
        new StepTime(
            KernelTime.of(in), launch(in), 0, update / layout.microSteps(), layout.loss(), 0);
    return busy.with(
            overheads.exchange(),
            in.tokens(),
            layout.microSteps(),
            in.all().of(SpeedCoefficient.CONTENTION))
        .with(overheads.experts());
  }

  private StepTime with(Optional<Experts> routed) {
    double added =
        routed
            .map(each -> (each.factor() - 1) * (each.looped() ? dense() : kernels.experts()))
            .orElse(0.0);
    return new StepTime(kernels, launch, communication, optimizer, loss, added);
  }

  /** Each pipeline stage launches its own layers; the other degrees launch all of them. */
  private static double launch(Inputs in) {
    double adapters = in.passes().adapters() ? in.all().of(SpeedCoefficient.ADAPTER_LAUNCHES) : 1;
    int ranks = in.layout().degrees().stageWidth();
    double layers =
        in.work().layers() * adapters * in.passes().growth() + in.overheads().tower().layers();
    return layers * in.overheads().launchSeconds() * ranks / in.tokens();
  }

  /**
   * What comes with every micro-step hides behind each of them, what comes once an optimizer step
   * behind the last one alone.
   */
  private StepTime with(Exchange exchange, double tokens, int microSteps, double contention) {
    double hiding = exchange.overlap() * Math.max(busy(), launch);
    double each = exchange.microStep() / tokens;
    double last = exchange.optimizerStep() / tokens;
    double exposed =
        Math.max(0, each - hiding) + Math.max(0, last - Math.max(0, hiding - each)) / microSteps;
    double hidden = each + last / microSteps - exposed;
    return new StepTime(
        kernels,
        launch,
        exposed + contention * hidden + exchange.exposedPerToken(),
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

  /** Without what GPUs lose. */
  double alone() {
    return dense() + experts;
  }

  private double dense() {
    return busy() + waiting() + communication + optimizer;
  }

  /** Seconds for each token and GPU of a forward pass alone, as evaluation runs it. */
  double forward(Passes passes, SpeedCoefficients all) {
    double computed = kernels.forward(passes.priced(all.of(SpeedCoefficient.RECOMPUTED)));
    double launched = launch * (1 / (3 * passes.growth()));
    double longer = Math.max(computed, launched);
    return (longer + Coefficients.UNHIDDEN * Math.min(computed, launched))
        * loss
        * alone()
        / dense();
  }

  double total() {
    return alone() * loss;
  }
}
