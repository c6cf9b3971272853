package dev.vramcast.core.job.rule;

import static dev.vramcast.core.job.option.OptimizerImplementation.APEX;
import static dev.vramcast.core.job.option.OptimizerImplementation.DEEPSPEED;
import static dev.vramcast.core.job.option.OptimizerImplementation.FOREACH;
import static dev.vramcast.core.job.option.OptimizerImplementation.FOR_LOOP;
import static dev.vramcast.core.job.option.OptimizerImplementation.FUSED;
import static dev.vramcast.core.job.rule.Rule.derived;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Strategy;

/** Whose code runs the optimizer's update. */
public final class OptimizerRules {

  /** Only one library has most of the update rules; AdamW's depends on who shards. */
  static final Rule IMPLEMENTATION =
      derived("optimizer.name", d -> name(d).implementations().get(0))
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
}
