package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.KernelCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.rule.FrameworkRules;

/** Surogate, built on LLMQ's kernels. */
public final class Surogate {

  public static final FrameworkRules RULES =
      OwnModels.fused("surogate", "csrc/src/models", "csrc/src/training")
          .is(KernelCode.STACK, KernelCode.LaunchStack.TUNED, "csrc/src/kernels")
          .is(KernelCode.CUDNN_ATTENTION, true, "csrc/src/kernels/cudnn_att.cpp")
          .is(SpreadCode.COPIES_ITSELF, true, "csrc/src/utilities/comm.cpp")
          .done();

  private Surogate() {}
}
