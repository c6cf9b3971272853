package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.rule.FrameworkRules;

/** DeepSpeed without a Trainer: stage 0 is plain data parallelism. */
public final class DeepSpeed {

  public static final FrameworkRules RULES =
      Transformers.RULES
          .derive("deepspeed")
          .leftOut(JobKey.OPTIMIZER_NAME, JobKey.PRECISION, JobKey.STRATEGY)
          .is(JobKey.MICRO_BATCH, 1, "deepspeed/runtime/config.py")
          .does(
              JobKey.PRECISION,
              "deepspeed/runtime/precision_config.py",
              d -> Precision.pure(d.modelDtype()))
          .is(
              JobKey.OPTIMIZER_IMPLEMENTATION,
              OptimizerImplementation.DEEPSPEED,
              "deepspeed/runtime/engine.py FusedAdam")
          .is(
              CodeKey.ZERO,
              ZeroConfiguration.DEEPSPEED_DEFAULTS,
              "deepspeed/runtime/zero/config.py")
          .done();

  private DeepSpeed() {}
}
