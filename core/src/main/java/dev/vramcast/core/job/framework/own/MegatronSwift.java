package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.rule.FrameworkRules;

/** Megatron-SWIFT: ms-swift's training on Megatron-Core by mcore-bridge. */
public final class MegatronSwift {

  public static final FrameworkRules RULES =
      Megatron.RULES
          .derive("megatron-swift")
          .is(JobKey.EXPERT_TENSOR, 1, "swift/megatron/arguments/megatron_args.py")
          .is(
              CodeKey.WHOLE_ADAPTERS,
              true,
              "mcore_bridge 1.6, tuners/lora.py LoraParallelLinear update_layer")
          .done();

  private MegatronSwift() {}
}
