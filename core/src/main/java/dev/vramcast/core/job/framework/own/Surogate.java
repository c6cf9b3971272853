package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.code.LaunchStack;
import dev.vramcast.core.job.rule.FrameworkRules;

/** Surogate, built on LLMQ's kernels. */
public final class Surogate {

  public static final FrameworkRules RULES =
      OwnModels.fused("surogate", "csrc/src/models", "csrc/src/training")
          .is(CodeKey.STACK, LaunchStack.TUNED, "csrc/src/kernels")
          .is(CodeKey.CUDNN_ATTENTION, true, "csrc/src/kernels/cudnn_att.cpp")
          .is(CodeKey.COPIES_ITSELF, true, "csrc/src/utilities/comm.cpp")
          .done();

  private Surogate() {}
}
