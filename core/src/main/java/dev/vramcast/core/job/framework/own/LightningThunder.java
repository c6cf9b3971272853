package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.FrameworkRules;

/**
 * Thunder's benchmark of LitGPT's models, compiled by others or not at all: a loop of its own over
 * random tokens. What Thunder itself compiles is not modelled.
 */
public final class LightningThunder {

  private static final String BENCHMARK = "thunder/benchmarks/benchmark_litgpt.py";
  private static final String LOOP = BENCHMARK + " train";
  private static final String SHARDING = BENCHMARK + " setup_distributed";

  public static final FrameworkRules RULES =
      Litgpt.RULES
          .derive("lightning-thunder")
          .trainsInFull(BENCHMARK)
          .is(JobKey.PRECISION, Precision.BF16, BENCHMARK + " init_model")
          .does(JobKey.MODEL_DTYPE, BENCHMARK, d -> CommonRules.dtype(d.precision()))
          .is(JobKey.GRAD_ACCUM, 1, BENCHMARK + " global_batch_size")
          .is(JobKey.LOSS, LossKernel.FULL, LOOP)
          .is(LossCode.FUSED, LossKernel.FULL, LOOP)
          .is(JobKey.PADDING, Padding.PACKED, BENCHMARK + " DummyDataset")
          .is(JobKey.OPTIMIZER_NAME, OptimizerName.ADAMW, BENCHMARK + " configure_optimizers")
          .is(
              JobKey.OPTIMIZER_IMPLEMENTATION,
              OptimizerImplementation.FUSED,
              BENCHMARK + " configure_optimizers")
          .spreads(BENCHMARK + " distributed_mode", d -> Strategy.DDP)
          .does(JobKey.REDUCE_DTYPE, SHARDING, OwnModels::reduceAsComputed)
          .is(LossCode.OUTPUTS, OutputDtype.AS_COMPUTED, LOOP)
          .is(LossCode.WIDENS_LOGITS, false, LOOP)
          .is(LossCode.IN_LOOP, true, LOOP)
          .is(LoopCode.OUTPUTS, KeptOutputs.INTO_NEXT_STEP, LOOP)
          .is(SpreadCode.SHARDS_CHECKPOINTS, true, BENCHMARK + " setup_activation_checkpointing")
          .done();

  private LightningThunder() {}
}
