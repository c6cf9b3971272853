package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.Transformers;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;

/** NeMo-RL 0.7, whose recipes state every setting; fp32 shards that FSDP2 computes with in bf16. */
public final class NemoRl {

  private static final String RECIPE = "examples/configs/grpo_math_1B.yaml";
  private static final String WORKER = "nemo_rl/models/automodel/setup.py";

  public static final FrameworkRules RULES =
      Completed.engine(
              Transformers.RULES
                  .derive("nemo-rl")
                  .trainsInFull(RECIPE)
                  .is(JobKey.LORA_ALPHA, 32.0, RECIPE)
                  .is(JobKey.MODEL_DTYPE, DataType.FP32, WORKER)
                  .is(JobKey.PRECISION, Precision.BF16_MIXED, WORKER)
                  .is(JobKey.REDUCE_DTYPE, DataType.FP32, WORKER)
                  .is(JobKey.ROOT_GROUP, RootGroup.PLAIN, WORKER)
                  .does(JobKey.ATTENTION, WORKER, NemoRl::attention)
                  .is(JobKey.MICRO_BATCH, 4, RECIPE)
                  .spreads(RECIPE, d -> Strategy.FSDP2)
                  .is(JobKey.ENGINE_FRACTION, 0.6, RECIPE),
              GenerationEngine.VLLM_COLOCATE,
              RECIPE)
          .done();

  private NemoRl() {}

  /** Packed rows need a kernel that takes their lengths. */
  private static AttentionKernel attention(PartialJob d) {
    return d.get(JobKey.PADDING, Padding.class) == Padding.PACKED
        ? AttentionKernel.FLASH
        : AttentionKernel.SDPA;
  }
}
