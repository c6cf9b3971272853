package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.OptimizerRules;
import java.util.List;

/**
 * verl's supervised trainer over FSDP, until 0.8: the loss is computed by its own loop, from what a
 * model of Transformers returns without labels, of examples that are padded to the full length.
 */
public final class VerlSft {

  private static final String CONFIG = "verl/trainer/config/sft_trainer.yaml";
  private static final String TRAINER = "verl/trainer/fsdp_sft_trainer.py";
  private static final String LOSS = TRAINER + " _compute_loss_and_backward";
  private static final String DATA = "verl/utils/dataset/sft_dataset.py";

  public static final FrameworkRules RULES =
      Verl.sharded("verl-sft", CONFIG, CONFIG, TRAINER, TRAINER + " save_checkpoint", 16)
          .is(JobKey.PADDING, Padding.PADDED, DATA)
          .is(JobKey.MICRO_BATCH, 4, CONFIG)
          .is(JobKey.SEQUENCE_LENGTH, 1024, CONFIG)
          .does(JobKey.OPTIMIZER_IMPLEMENTATION, "torch/optim/adamw.py", OptimizerRules::ofTorch)
          .is(JobKey.SEQUENCE_SCHEME, SequenceScheme.ULYSSES, TRAINER)
          .is(AttentionCode.ULYSSES, AttentionCode.Ulysses.PIECES, TRAINER)
          .is(LossCode.IN_LOOP, true, LOSS)
          .is(LossCode.SHIFTS_LOGITS, true, LOSS)
          .is(LoopCode.OUTPUTS, KeptOutputs.THROUGH_BACKWARD, LOSS)
          .is(LoopCode.FETCHES_STEP, false, LOSS)
          .is(SpreadCode.FLAT_REDUCES_EACH, true, TRAINER + " training_step")
          .is(SpreadCode.REDUCES_EACH, true, TRAINER + " training_step")
          .is(EvaluationCode.LOOP, EvaluationCode.Loop.OWN, TRAINER + " validation_step")
          .is(SaveCode.INTERVAL, new SaveCode.Never(), CONFIG + " save_freq")
          .is(SpreadCode.STRATEGIES, List.of(Strategy.FSDP1, Strategy.FSDP2), CONFIG)
          .spreads(CONFIG, d -> Strategy.FSDP2)
          .done();

  private VerlSft() {}
}
