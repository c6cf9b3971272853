package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.FrameworkRules;

/** ArcticTraining: DeepSpeed's engine around models of Transformers, in a loop of its own. */
public final class ArcticTraining {

  private static final String MODEL = "arctic_training/config/model.py";

  public static final FrameworkRules RULES =
      DeepSpeed.RULES
          .derive("arctictraining")
          .is(FrameworkCode.SUPERVISED, Stage.nextTokens(), "arctic_training/trainer")
          .trainsInFull("arctic_training/trainer/sft_trainer.py")
          .is(JobKey.PRECISION, Precision.BF16, MODEL + " dtype")
          .does(JobKey.MODEL_DTYPE, MODEL, d -> CommonRules.dtype(d.precision()))
          .does(
              JobKey.ZERO_INIT,
              "arctic_training/trainer/trainer.py HfDeepSpeedConfig, before the model",
              d -> !d.isQuantized())
          .is(JobKey.CHECKPOINTING, Checkpointing.FULL, MODEL + " disable_activation_checkpoint")
          .is(JobKey.PADDING, Padding.PACKED, "arctic_training/data/sft_factory.py")
          .is(
              EvaluationCode.LOOP,
              EvaluationCode.Loop.UNKNOWN,
              "arctic_training/trainer/trainer.py, not described")
          .is(
              SaveCode.WRITER,
              SaveCode.Writer.UNKNOWN,
              "arctic_training/checkpoint/engine.py, not described")
          .is(
              SaveCode.INTERVAL,
              new SaveCode.Never(),
              "arctic_training/config/checkpoint.py save_end_of_training")
          .spreads("arctic_training/config/trainer.py", d -> Strategy.ZERO2)
          .done();

  private ArcticTraining() {}
}
