package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.Transformers;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.OptimizerRules;
import dev.vramcast.core.units.DataType;
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
      Transformers.RULES
          .derive("verl-sft")
          .trainsInFull(CONFIG)
          .leftOut(JobKey.MODEL_DTYPE, JobKey.PRECISION, JobKey.STRATEGY)
          .is(JobKey.LORA_ALPHA, 16.0, CONFIG)
          .is(JobKey.LORA_TARGETS, List.of(AdapterSettings.ALL_LINEAR), CONFIG)
          .is(JobKey.MODEL_DTYPE, DataType.FP32, CONFIG)
          .is(JobKey.PRECISION, Precision.BF16_MIXED, TRAINER + " MixedPrecision")
          .is(JobKey.REDUCE_DTYPE, DataType.FP32, TRAINER + " MixedPrecision")
          .is(JobKey.CHECKPOINTING, Checkpointing.FULL, CONFIG)
          .is(JobKey.CHECKPOINTING_REENTRANT, false, TRAINER)
          .is(JobKey.ATTENTION, AttentionKernel.FLASH, TRAINER)
          .is(JobKey.PADDING, Padding.PADDED, DATA)
          .is(JobKey.MICRO_BATCH, 4, CONFIG)
          .is(JobKey.SEQUENCE_LENGTH, 1024, CONFIG)
          .does(JobKey.OPTIMIZER_IMPLEMENTATION, "torch/optim/adamw.py", OptimizerRules::ofTorch)
          .is(JobKey.SEQUENCE_SCHEME, SequenceScheme.ULYSSES, TRAINER)
          .is(CodeKey.ULYSSES, AttentionCode.Ulysses.PIECES, TRAINER)
          .is(CodeKey.WIDENS_SHARDS, false, TRAINER)
          .is(CodeKey.AUTOCASTS_UNDER_FSDP2, true, LOSS)
          .is(CodeKey.OUTPUT_DTYPE, OutputDtype.AS_COMPUTED, LOSS)
          .is(CodeKey.LOSS_IN_LOOP, true, LOSS)
          .is(CodeKey.SHIFTS_LOGITS, true, LOSS)
          .is(CodeKey.KEPT_OUTPUTS, KeptOutputs.THROUGH_BACKWARD, LOSS)
          .is(CodeKey.SAVE_WRITER, SaveCode.Writer.DCP, TRAINER + " save_checkpoint")
          .is(CodeKey.SAVED_FSDP1, SaveCode.StateDict.SHARDED, TRAINER + " save_checkpoint")
          .is(CodeKey.SAVE_INTERVAL, new SaveCode.Never(), CONFIG + " save_freq")
          .is(CodeKey.STRATEGIES, List.of(Strategy.FSDP1, Strategy.FSDP2), CONFIG)
          .spreads(CONFIG, d -> Strategy.FSDP2)
          .done();

  private VerlSft() {}
}
