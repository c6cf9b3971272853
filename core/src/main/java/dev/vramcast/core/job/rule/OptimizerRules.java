package dev.vramcast.core.job.rule;

import static dev.vramcast.core.job.option.OptimizerImplementation.APEX;
import static dev.vramcast.core.job.option.OptimizerImplementation.BITSANDBYTES;
import static dev.vramcast.core.job.option.OptimizerImplementation.DEEPSPEED;
import static dev.vramcast.core.job.option.OptimizerImplementation.FOREACH;
import static dev.vramcast.core.job.option.OptimizerImplementation.FOR_LOOP;
import static dev.vramcast.core.job.option.OptimizerImplementation.FUSED;
import static dev.vramcast.core.job.option.OptimizerImplementation.TORCHAO;
import static dev.vramcast.core.job.rule.Rule.derived;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Strategy;

/** Whose code runs the optimizer's update. */
public final class OptimizerRules {

  /** Only one library has most of the update rules; AdamW's depends on who shards. */
  static final Rule IMPLEMENTATION =
      derived("optimizer.name", d -> onlyImplementation(name(d)))
          .when(d -> name(d) != OptimizerName.ADAMW && name(d) != OptimizerName.BADAM)
          .or(
              derived("parallelism.strategy", OptimizerRules::ofStrategy)
                  .when(d -> d.strategy() == Strategy.MEGATRON || d.strategy().isZero()));

  private OptimizerRules() {}

  /** PyTorch's own default for AdamW on a GPU. */
  public static OptimizerImplementation ofTorch(PartialJob d) {
    return d.torchAtLeast(2, 0) ? FOREACH : FOR_LOOP;
  }

  /** {@code adamw_torch_fused} where PyTorch is new enough, since Transformers 4.54. */
  public static OptimizerImplementation ofTransformers(PartialJob d) {
    return d.torchAtLeast(2, 8) && d.transformersAtLeast(4, 54) ? FUSED : ofTorch(d);
  }

  private static OptimizerName name(PartialJob d) {
    return d.get(JobKey.OPTIMIZER_NAME, OptimizerName.class);
  }

  private static OptimizerImplementation ofStrategy(PartialJob d) {
    return d.strategy() == Strategy.MEGATRON ? APEX : DEEPSPEED;
  }

  private static OptimizerImplementation onlyImplementation(OptimizerName name) {
    return switch (name) {
      case ADAMW_8BIT, PAGED_ADAMW, PAGED_ADAMW_8BIT -> BITSANDBYTES;
      case LION, LION_8BIT, PAGED_LION, PAGED_LION_8BIT, RMSPROP_8BIT -> BITSANDBYTES;
      case ADEMAMIX, ADEMAMIX_8BIT, PAGED_ADEMAMIX, PAGED_ADEMAMIX_8BIT -> BITSANDBYTES;
      case ADAMW_4BIT -> TORCHAO;
      // Kernels in Triton, where they take the parameters (optimi/utils.py _default_to_triton).
      case FLASH_ADAMW, STABLE_ADAMW -> FUSED;
      case ADAMW, SGD, RMSPROP, ADAGRAD, BADAM -> FOREACH;
      case SCHEDULE_FREE_ADAMW, SCHEDULE_FREE_RADAM, SCHEDULE_FREE_SGD -> FOREACH;
      // Written as a Python loop over parameters wherever they exist.
      case ADAFACTOR, MUON, GALORE, NONE, APOLLO, LOMO, ADALOMO, ADAM_MINI -> FOR_LOOP;
      case ADAMW_CPU -> FOR_LOOP;
    };
  }
}
