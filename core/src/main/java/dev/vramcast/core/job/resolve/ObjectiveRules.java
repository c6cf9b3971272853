package dev.vramcast.core.job.resolve;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.rule.PartialJob;

/** The objective of a job, with the settings of its stage. */
final class ObjectiveRules {

  private ObjectiveRules() {}

  static Objective objective(PartialJob d) {
    Stage stage = d.get(JobKey.STAGE, Stage.class);
    return switch (stage) {
      case SFT -> new Objective.SupervisedFineTuning();
      case PRETRAIN -> new Objective.Pretraining();
      case CLASSIFICATION -> new Objective.Classification(d.whole(JobKey.LABELS));
      case DPO, KTO, ORPO, CPO, REWARD, GRPO, RLOO, PPO, DISTILLATION, MASKED_LM, EMBEDDING ->
          new Objective.NotModelled(stage);
    };
  }
}
