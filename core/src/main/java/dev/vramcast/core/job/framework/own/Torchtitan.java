package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.Rule;
import dev.vramcast.core.units.DataType;

/** torchtitan: fp32 shards, gathered and computed in bf16. */
public final class Torchtitan {

  private static final String CONFIG = "torchtitan/config/job_config.py";

  public static final FrameworkRules RULES =
      OwnModels.RULES
          .derive("torchtitan")
          .trainsInFull(CONFIG)
          .is(JobKey.MODEL_DTYPE, DataType.FP32, CONFIG)
          .is(JobKey.PRECISION, Precision.BF16_MIXED, CONFIG)
          .is(JobKey.MICRO_BATCH, 8, CONFIG)
          .is(JobKey.SEQUENCE_LENGTH, 2048, CONFIG)
          .is(JobKey.CHECKPOINTING, Checkpointing.SELECTIVE, CONFIG)
          .rule(
              JobKey.OPTIMIZER_IMPLEMENTATION,
              Rule.framework("torchtitan: " + CONFIG, d -> OptimizerImplementation.FUSED))
          .rule(
              JobKey.STRATEGY,
              Rule.framework(
                      "torchtitan: torchtitan/distributed/parallel_dims.py", d -> Strategy.FSDP2)
                  .when(d -> d.whole(JobKey.GPU_COUNT) > 1))
          .is(JobKey.EXPANDABLE_SEGMENTS, true, "run_train.sh")
          .does(
              JobKey.ROOT_GROUP,
              "torchtitan/models/llama3/infra/parallelize.py of 0.1.0 and 0.2.0",
              d -> d.torchAtLeast(2, 9) ? RootGroup.SPLIT : RootGroup.PLAIN_RAF)
          .done();

  private Torchtitan() {}
}
