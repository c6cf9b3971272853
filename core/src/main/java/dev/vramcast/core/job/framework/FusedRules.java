package dev.vramcast.core.job.framework;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.Rule;

/**
 * Frameworks that bring kernels and optimizers of their own: Megatron and hand-written trainers.
 */
final class FusedRules {

  /** Megatron-LM: bf16 parameters, fp32 gradients and masters. */
  static final FrameworkRules MEGATRON =
      trainer("megatron", "megatron/training/arguments.py")
          .rule(
              JobKey.STRATEGY,
              Rule.framework("megatron: megatron/training/arguments.py", d -> Strategy.MEGATRON))
          .rule(
              JobKey.OPTIMIZER_IMPLEMENTATION,
              Rule.framework(
                  "megatron: megatron/core/optimizer/__init__.py",
                  d -> OptimizerImplementation.APEX))
          .is(JobKey.CHECKPOINTING_REENTRANT, true, "megatron/core/tensor_parallel/random.py")
          .done();

  /** InternEvo: bf16 with masters under ZeRO-1. */
  static final FrameworkRules INTERNEVO =
      trainer("internevo", "internlm/initialize/launch.py")
          .rule(
              JobKey.STRATEGY,
              Rule.framework("internevo: internlm/initialize/launch.py", d -> Strategy.ZERO1)
                  .when(d -> d.whole(JobKey.GPU_COUNT) > 1))
          .done();

  /** LLMQ. */
  static final FrameworkRules LLMQ = trainer("llmq", "src/training").done();

  /** Surogate, built on LLMQ's kernels. */
  static final FrameworkRules SUROGATE = trainer("surogate", "src/training").done();

  /** llm.c. */
  static final FrameworkRules LLM_C = trainer("llm.c", "train_gpt2.cu").done();

  private FusedRules() {}

  /** Full training in bf16 on packed sequences with a flash kernel. */
  private static FrameworkRules.Table trainer(String name, String source) {
    return NativeRules.NATIVE
        .derive(name)
        .trainsInFull(source)
        .is(JobKey.ATTENTION, AttentionKernel.FLASH, source);
  }
}
