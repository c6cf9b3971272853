package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import java.util.List;

/**
 * Nanotron: models of its own on tensor and pipeline parallelism, with ZeRO-1 in fp32. Of what its
 * main branch has past 0.5, ring attention (Qwen 2 alone) and experts are not described.
 */
public final class Nanotron {

  private static final String TENSOR = "nanotron/parallel/tensor_parallel/functional.py ";

  private static final List<String> UP_TO_0_5 = List.of("llama", "starcoder2");
  private static final List<String> NEWEST = List.of("llama", "qwen2", "starcoder2");

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
          .does(
              FrameworkCode.REGISTERED,
              "nanotron/trainer.py CONFIG_TO_MODEL_CLASS",
              nanotron -> nanotron.atLeast(0, 6) ? NEWEST : UP_TO_0_5)
          // nanotron/config: no adapters, no quantised base, no interleaved stages, no offloading;
          // torch.compile stands nowhere around a model.
          .has(JobKey.METHOD, Method.FULL)
          .has(JobKey.STRATEGY, Strategy.MEGATRON)
          .has(JobKey.COMPILE, false)
          .has(JobKey.CONTEXT, 1)
          .has(JobKey.VIRTUAL_PIPELINE, 1)
          .has(JobKey.CHECKPOINTING, Checkpointing.NONE, Checkpointing.FULL)
          .has(JobKey.LOSS, LossKernel.FULL)
          .has(JobKey.OFFLOAD, List.of())
          .done();

  private Nanotron() {}
}
