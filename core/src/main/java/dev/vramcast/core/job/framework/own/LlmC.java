package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.KernelCode;
import dev.vramcast.core.job.rule.FrameworkRules;

/** llm.c. */
public final class LlmC {

  public static final FrameworkRules RULES =
      OwnModels.fused("llm.c", "train_gpt2.cu", "train_gpt2.cu")
          .is(KernelCode.STACK, KernelCode.LaunchStack.TUNED, "train_gpt2.cu")
          .is(KernelCode.CUDNN_ATTENTION, true, "llmc/cudnn_att.cpp")
          .done();

  private LlmC() {}
}
