package dev.vramcast.validation;

import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.core.range.RunError;
import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.Measured;
import dev.vramcast.validation.cases.Quality;
import dev.vramcast.validation.cases.Status;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Holds a prediction against what was measured. */
final class CaseComparison {

  /** A run that needed this much more than was said would have failed on a card chosen by it. */
  private static final double UNDERCUT = 0.05;

  private static final String TRAINER = "transformers";

  /**
   * Whose loops {@code validation/measure} runs. It runs functions of others too, in the Trainer of
   * Transformers, which says nothing of what else their own loops do.
   */
  private static final Set<String> COUNTED_LOOPS =
      Set.of("peft", "sentence-transformers", TRAINER, "trl");

  private CaseComparison() {}

  /** The result of a case that states a peak, and all that its source tells. */
  static CaseResult of(Case c, CaseLabels labels, Prediction prediction) {
    return of(c, labels, prediction, prediction);
  }

  /**
   * As {@link #of(Case, CaseLabels, Prediction)}.
   *
   * @param stated for the job as it is stated, by whose error ranges are made and judged
   */
  static CaseResult of(Case c, CaseLabels labels, Prediction prediction, Prediction stated) {
    Measured measured = c.measured();
    boolean ran = measured.status() == Status.OK;
    long peak = measured.peakBytes().orElseThrow();
    long estimated = ran ? prediction.bytes(measured.kind()) : prediction.deviceBytes();
    long judged = ran ? stated.bytes(measured.kind()) : stated.deviceBytes();
    double raw = error(estimated, peak);
    double counted = c.lengthIsCap() ? Math.min(0, raw) : raw;
    CaseResult.Builder result =
        new CaseResult.Builder(c.id(), labels, measured.status())
            .bytes(OptionalLong.of(estimated), measured.peakBytes())
            .falseFit(ran ? counted < -UNDERCUT : estimated <= peak)
            .phaseErrors(phaseErrors(measured, prediction))
            .parametersRight(parameters(c, labels, prediction))
            .range(
                labels
                    .job()
                    .filter(kind -> !c.holdsOtherSteps())
                    .map(
                        kind ->
                            RangeCheck.of(
                                c, error(c, labels, kind, judged), stated.loadedShare(judged))));
    return (ran ? result.errors(counted, raw) : result).build();
  }

  private static RunError error(Case c, CaseLabels labels, JobKind kind, long estimated) {
    boolean exact = c.measured().quality() == Quality.EXACT;
    JobKind run = exact && !COUNTED_LOOPS.contains(kind.framework()) ? kind.runBy(TRAINER) : kind;
    return new RunError(
        figure(c.measured()),
        c.statesItsAge() ? run : run.ofUnknownAge(),
        exact ? labels.modelType() : labels.source(),
        (double) c.measured().peakBytes().orElseThrow() / estimated,
        c.measured().status() != Status.OK,
        1);
  }

  private static Figure figure(Measured measured) {
    if (measured.quality() == Quality.EXACT) {
      return Figure.COUNTED;
    }
    if (measured.status() != Status.OK) {
      return Figure.DEVICE;
    }
    return switch (measured.kind()) {
      case ALLOCATED -> Figure.ALLOCATED;
      case RESERVED -> Figure.RESERVED;
      case DEVICE -> Figure.DEVICE;
      case UNSTATED -> Figure.HELD;
    };
  }

  private static Map<MeasuredPhase, Double> phaseErrors(Measured measured, Prediction prediction) {
    Map<MeasuredPhase, Double> errors = new EnumMap<>(MeasuredPhase.class);
    for (MeasuredPhase phase : MeasuredPhase.values()) {
      Long bytes = measured.phases().get(phase.key());
      if (bytes != null) {
        errors.put(phase, error(Objects.requireNonNull(prediction.phases().get(phase)), bytes));
      }
    }
    return errors;
  }

  private static Optional<Boolean> parameters(Case c, CaseLabels labels, Prediction prediction) {
    OptionalLong total = c.measured().totalParameters();
    OptionalLong trainable = c.measured().trainableParameters();
    if (total.isEmpty() || trainable.isEmpty()) {
      return Optional.empty();
    }
    boolean all = labels.method().equals("full");
    boolean dividesAdapters = !all && labels.gpus().orElse(1) > 1;
    boolean trainsCritic = labels.stage().equals("ppo");
    if (dividesAdapters || trainsCritic) {
      return Optional.empty();
    }
    long trained = all ? prediction.trainableParameters() : prediction.adapterParameters();
    return Optional.of(
        total.getAsLong() == prediction.totalParameters() && trainable.getAsLong() == trained);
  }

  private static double error(long estimated, long measured) {
    return (double) (estimated - measured) / measured;
  }
}
