package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * TRL's trainers of distillation by whole logits: trl/experimental/gkd/gkd_trainer.py and
 * gold/gold_trainer.py, which switch dropout off ({@code disable_dropout}) and have the teacher
 * prepared by {@code accelerator.prepare_model} with {@code evaluation_mode}, which divides
 * nothing.
 */
final class TrlDivergence {

  private static final Set<String> TRAINERS = Set.of("gkd", "gold");

  /** {@code beta} of gkd_config.py and gold_config.py. */
  static final double BETA = 0.5;

  private TrlDivergence() {}

  /** Whether a job is for one of them. */
  static boolean isMeant(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class) == Stage.DISTILLATION
        && d.isSet(JobKey.LOSS_TYPE)
        && d.list(JobKey.LOSS_TYPE, String.class).stream().anyMatch(TRAINERS::contains);
  }

  /**
   * By the loss. Until 1.7 {@code compute_loss} cut prompts off the logits of both.
   *
   * @param completions whether it does
   */
  static Map<String, StageCode> trainers(boolean completions) {
    StageCode code =
        new StageCode(
            Map.of(Stage.DISTILLATION, StageHead.GENERALIZED),
            LossChunks.Tiles.NONE,
            Set.of(Stage.DISTILLATION),
            completions
                ? EnumSet.of(StageHabit.LEAVES_TEACHER, StageHabit.COMPARES_COMPLETIONS)
                : EnumSet.of(StageHabit.LEAVES_TEACHER),
            Set.of(Stage.DISTILLATION),
            Set.of(),
            Map.of());
    return TRAINERS.stream().collect(Collectors.toMap(loss -> loss, loss -> code));
  }

  static Map<String, StageCode> trainers(Framework trl) {
    return trainers(!trl.atLeast(1, 7));
  }
}
