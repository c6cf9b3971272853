package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.code.LaunchStack;
import dev.vramcast.core.job.rule.FrameworkRules;

/** LLMQ. */
public final class Llmq {

  public static final FrameworkRules RULES =
      OwnModels.fused("llmq", "src/models", "src/training")
          .is(CodeKey.STACK, LaunchStack.TUNED, "src/kernels")
          .is(CodeKey.CUDNN_ATTENTION, true, "src/kernels/cudnn_att.cpp")
          .is(CodeKey.COPIES_ITSELF, true, "src/utilities/comm.cpp")
          .done();

  private Llmq() {}
}
