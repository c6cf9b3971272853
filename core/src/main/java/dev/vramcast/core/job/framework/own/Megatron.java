package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.KernelCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;

/** Megatron-LM: bf16 parameters, fp32 gradients and masters. */
public final class Megatron {

  public static final FrameworkRules RULES =
      OwnModels.fused("megatron", "megatron/core/models", "megatron/training/arguments.py")
          .is(JobKey.STRATEGY, Strategy.MEGATRON, "megatron/training/arguments.py")
          .is(
              JobKey.OPTIMIZER_IMPLEMENTATION,
              OptimizerImplementation.APEX,
              "megatron/core/optimizer/__init__.py")
          .is(JobKey.CHECKPOINTING_REENTRANT, true, "megatron/core/tensor_parallel/random.py")
          .does(
              LossCode.COPIES_LOGITS,
              "megatron/core/tensor_parallel/cross_entropy.py, which subtracts in place since 0.8",
              megatron -> !megatron.atLeast(0, 8))
          .does(
              SpreadCode.WRAPS_STORAGE,
              "megatron/optimizer/distrib_optimizer.py param_buffers, by view since 0.5",
              megatron -> !megatron.atLeast(0, 5))
          .does(
              LayerCode.GATES_APART,
              "megatron/core/transformer/mlp.py, fused_bias_swiglu.py since 0.5",
              megatron -> !megatron.atLeast(0, 5))
          .is(KernelCode.STACK, KernelCode.LaunchStack.TUNED, "megatron/core")
          .is(
              KernelCode.CUDNN_ATTENTION,
              true,
              "transformer_engine/pytorch/attention/dot_product_attention/utils.py"
                  + " get_attention_backend")
          .done();

  private Megatron() {}
}
