package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.KernelCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.rule.FrameworkRules;

/** LLMQ. */
public final class Llmq {

  public static final FrameworkRules RULES =
      OwnModels.fused("llmq", "src/models", "src/training")
          .is(KernelCode.STACK, KernelCode.LaunchStack.TUNED, "src/kernels")
          .is(KernelCode.CUDNN_ATTENTION, true, "src/kernels/cudnn_att.cpp")
          .is(SpreadCode.COPIES_ITSELF, true, "src/utilities/comm.cpp")
          .done();

  private Llmq() {}
}
