package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.KernelCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;

/** Nanotron: models of its own on tensor and pipeline parallelism, with ZeRO-1 in fp32. */
public final class Nanotron {

  private static final String TENSOR = "nanotron/parallel/tensor_parallel/functional.py ";

  public static final FrameworkRules RULES =
      OwnModels.fused("nanotron", "nanotron/models/llama.py", "nanotron/config/config.py")
          .is(JobKey.STRATEGY, Strategy.MEGATRON, "nanotron/config/parallelism_config.py")
          .is(
              JobKey.OPTIMIZER_IMPLEMENTATION,
              OptimizerImplementation.FUSED,
              "nanotron/config/config.py torch_adam_is_fused")
          .does(
              LayerCode.KEEPS_GATHERED,
              TENSOR + "column_linear, tp_recompute_allgather of July 2024, past 0.5",
              nanotron -> !nanotron.atLeast(0, 6))
          .is(LossCode.WIDENS_SHARES, true, "nanotron/models/llama.py cast_to_fp32")
          .is(SpreadCode.SUMS_LATE, true, "nanotron/optim/gradient_accumulator.py")
          .is(KernelCode.STACK, KernelCode.LaunchStack.TUNED, "nanotron/models")
          .done();

  private Nanotron() {}
}
