package dev.vramcast.core.job.resolve;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.Evaluation;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.resolve.stage.LossRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The evaluation of a job, and what of it is not modelled. */
final class EvaluationRules {

  /** What holds of an evaluation where there is one, said or not. */
  private static final Set<JobKey> ALWAYS =
      Set.of(JobKey.EVALUATION_BATCH, JobKey.EVALUATION_METRICS);

  private EvaluationRules() {}

  /** Whether the job says that it evaluates. */
  private static boolean evaluates(PartialJob d) {
    return d.differs(JobKey.EVALUATION_BATCHES);
  }

  static boolean plays(JobKey key, PartialJob d) {
    return ALWAYS.contains(key) && evaluates(d);
  }

  /** Empty where there is none. */
  static Optional<Evaluation> evaluation(PartialJob d) {
    if (!evaluates(d)) {
      return Optional.empty();
    }
    Optional<Integer> accumulation = d.find(JobKey.EVALUATION_ACCUMULATION, Integer.class);
    return Optional.of(
        new Evaluation(
            d.whole(JobKey.EVALUATION_BATCH),
            d.whole(JobKey.EVALUATION_BATCHES),
            d.yes(JobKey.EVALUATION_METRICS),
            accumulation.map(OptionalInt::of).orElse(OptionalInt.empty()),
            generates(d)
                ? Optional.of(
                    new Evaluation.Generated(
                        d.whole(JobKey.EVALUATION_NEW_TOKENS), d.whole(JobKey.EVALUATION_BEAMS)))
                : Optional.empty()));
  }

  private static boolean generates(PartialJob d) {
    return d.differs(JobKey.EVALUATION_NEW_TOKENS);
  }

  /**
   * What of it is not modelled.
   *
   * @throws dev.vramcast.core.input.InputException where what it generates contradicts the job
   */
  static List<Gap> missing(PartialJob d, Objective objective, FrameworkCode code) {
    if (!evaluates(d)) {
      return List.of();
    }
    List<Gap> missing = new ArrayList<>();
    Gap batches = Gap.about(JobKey.EVALUATION_BATCHES);
    if (code.get(EvaluationCode.LOOP) == EvaluationCode.Loop.UNKNOWN) {
      missing.add(
          batches
              .and(" of framework ", d.get(JobKey.FRAMEWORK_NAME, String.class))
              .needs("how it evaluates"));
    }
    if (objective.generated().isPresent() && !distils(objective, code)) {
      missing.add(batches.and(" of ", JobKey.STAGE, " ", objective.stage()));
    }
    if (d.strategy() == Strategy.MEGATRON) {
      missing.add(batches.and(" under ", JobKey.STRATEGY, " ", Strategy.MEGATRON));
    }
    if (generates(d)) {
      GeneratingEvaluation generated = new GeneratingEvaluation(d, objective.stage(), code);
      generated.check();
      generated.missing().ifPresent(missing::add);
    } else if (d.yes(JobKey.EVALUATION_METRICS)) {
      metrics(d, objective, code).ifPresent(missing::add);
    }
    return missing;
  }

  /** What a student is evaluated by is the loss that trains it. */
  private static boolean distils(Objective objective, FrameworkCode code) {
    return objective.distilled().isPresent()
        && code.stages().head(objective.stage()).filter(StageHead::comparesLogits).isPresent();
  }

  private static Optional<Gap> metrics(PartialJob d, Objective objective, FrameworkCode code) {
    Gap metrics = Gap.about(JobKey.EVALUATION_METRICS);
    if (!objective.stage().isSupervised()) {
      return Optional.of(metrics.and(" of ", JobKey.STAGE, " ", objective.stage()));
    } else if (code.get(EvaluationCode.LOOP) == EvaluationCode.Loop.OWN) {
      String name = d.get(JobKey.FRAMEWORK_NAME, String.class);
      return Optional.of(metrics.and(" of framework ", name));
    }
    return makesLogits(d, code) || classifies(objective) || keepsOwnLoss(d, code)
        ? Optional.empty()
        : Optional.of(metrics.and(" with ", JobKey.LOSS, " ", LossRules.kernel(d, code)));
  }

  private static boolean classifies(Objective objective) {
    return objective.classes().isPresent();
  }

  private static boolean keepsOwnLoss(PartialJob d, FrameworkCode code) {
    Version transformers = d.version(JobKey.TRANSFORMERS_VERSION);
    return d.model()
        .filter(model -> code.keepsOwnLoss(model.traits().loss(), transformers))
        .isPresent();
  }

  /** Whether there are logits to gather: Liger makes them where it is asked for them. */
  private static boolean makesLogits(PartialJob d, FrameworkCode code) {
    return switch (LossRules.kernel(d, code)) {
      case FULL, LIGER, TRITON -> true;
      case CHUNKED -> code.is(EvaluationCode.LOGITS_BY_PASS);
      case CCE -> false;
    };
  }
}
