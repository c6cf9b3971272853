package dev.vramcast.validation.speed;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.validation.CaseLabels;
import dev.vramcast.validation.ResolvedCase;
import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.SpeedScope;
import java.util.Optional;

/**
 * A run whose speed was measured, read once so that it can be estimated often.
 *
 * @param source who published it
 * @param measured tokens a second of all GPUs
 */
public record SpeedRun(
    String source, ResolvedJob job, ModelProfile model, Gpu gpu, MatmulType type, double measured) {

  /** The run of a case; empty when the case is none that can test speed. */
  static Optional<SpeedRun> of(Case subject) {
    if (!subject.isThroughput() || subject.lengthIsCap()) {
      return Optional.empty();
    }
    try {
      ResolvedCase settled = ResolvedCase.of(subject);
      SpeedRun run =
          new SpeedRun(
              CaseLabels.publisher(subject.source()),
              settled.job(),
              ModelProfile.of(settled.architecture()),
              settled.gpu(),
              subject.matmulType(),
              total(settled));
      run.error(run.gpu().throughput().coefficients());
      return Optional.of(run);
    } catch (InputException | UnsupportedJobException e) {
      return Optional.empty();
    }
  }

  private static double total(ResolvedCase settled) {
    double measured = settled.subject().measured().tokensPerSecond().orElseThrow();
    boolean each = settled.subject().measured().speedScope() == SpeedScope.GPU;
    return each ? measured * settled.job().parallelism().gpus() : measured;
  }

  /** The kind of runs that the range of its estimate is made from. */
  String kind() {
    return TimeEstimator.figures(model, job, gpu, type).throughput().range().kind();
  }

  /** Logarithm of the estimated for the measured speed. */
  double error(SpeedCoefficients coefficients) {
    Gpu card = gpu.with(gpu.throughput().with(coefficients));
    return Math.log(TimeEstimator.figures(model, job, card, type).tokensPerSecond() / measured);
  }
}
