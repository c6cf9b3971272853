package dev.vramcast.core.fit;

import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.core.time.work.ModelProfile;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a change does to the time that a job takes for as many tokens.
 *
 * @param factor time after the change for time before it, above 1 where it is slower; empty unless
 *     it is estimated
 */
public record TimeEffect(Basis basis, OptionalDouble factor) {

  /** How the time of a change is known. */
  public enum Basis {
    ESTIMATED,
    /** The changed job waits for what the time model leaves out. */
    NOT_MODELLED,
    /**
     * Nothing can be said: a card without rates, a job that was not modelled before the change
     * either, or a change of which the time model sees nothing.
     */
    UNKNOWN
  }

  private static final TimeEffect UNKNOWN = new TimeEffect(Basis.UNKNOWN, OptionalDouble.empty());

  /** Compares the jobs as if both of them fitted. */
  static TimeEffect of(ModelProfile model, FitCheck before, FitCheck after) {
    Optional<TimeEstimate> old = time(model, before);
    Optional<TimeEstimate> changed = time(model, after);
    if (old.isEmpty() || changed.isEmpty() || !covered(before)) {
      return UNKNOWN;
    } else if (!covered(after)) {
      return new TimeEffect(Basis.NOT_MODELLED, OptionalDouble.empty());
    }
    double factor = old.get().tokensPerSecond() / changed.get().tokensPerSecond();
    return factor == 1 ? UNKNOWN : new TimeEffect(Basis.ESTIMATED, OptionalDouble.of(factor));
  }

  private static boolean covered(FitCheck job) {
    return TimeEstimator.covers(job.resolution().job());
  }

  private static Optional<TimeEstimate> time(ModelProfile model, FitCheck job) {
    return job.card()
        .filter(TimeEstimator::knows)
        .map(
            card ->
                TimeEstimator.estimate(model, job.resolution().job(), card, MatmulType.PRECISION));
  }
}
