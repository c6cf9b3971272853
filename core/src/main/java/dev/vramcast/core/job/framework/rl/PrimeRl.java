package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.Transformers;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.units.DataType;

/** prime-rl 0.8: a trainer under FSDP2, and an engine on other GPUs. */
public final class PrimeRl {

  private static final String TRAINER = "packages/prime-rl-configs/src/prime_rl/configs/trainer.py";
  private static final String INFERENCE =
      "packages/prime-rl-configs/src/prime_rl/configs/inference.py";

  public static final FrameworkRules RULES =
      Completed.engine(
              Transformers.RULES
                  .derive("prime-rl")
                  .trainsInFull(TRAINER)
                  .is(JobKey.LORA_RANK, 16, TRAINER)
                  .is(JobKey.LORA_ALPHA, 32.0, TRAINER)
                  .is(JobKey.SEQUENCE_LENGTH, 2048, TRAINER)
                  .is(JobKey.MICRO_BATCH, 1, "src/prime_rl/trainer/batch.py")
                  .is(JobKey.PADDING, Padding.PACKED, "src/prime_rl/trainer/batch.py")
                  .is(JobKey.MODEL_DTYPE, DataType.FP32, TRAINER)
                  .is(JobKey.PRECISION, Precision.BF16_MIXED, "src/prime_rl/trainer/model.py")
                  .is(JobKey.REDUCE_DTYPE, DataType.FP32, TRAINER)
                  .is(JobKey.CHECKPOINTING, Checkpointing.OFFLOADED, TRAINER)
                  .is(JobKey.CHECKPOINTING_REENTRANT, false, "src/prime_rl/trainer/model.py")
                  .is(JobKey.ATTENTION, AttentionKernel.FLASH, TRAINER)
                  .is(JobKey.COMPILE, true, TRAINER)
                  .is(JobKey.STRATEGY, Strategy.FSDP2, "src/prime_rl/trainer/model.py")
                  .is(JobKey.ENGINE_FRACTION, 0.9, INFERENCE),
              GenerationEngine.VLLM_SERVER,
              INFERENCE)
          .done();

  private PrimeRl() {}
}
