package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.KernelCode;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;

/** InternEvo: bf16 with masters under ZeRO-1. */
public final class InternEvo {

  public static final FrameworkRules RULES =
      OwnModels.fused("internevo", "internlm/model", "internlm/initialize/launch.py")
          .spreads("internlm/initialize/launch.py", d -> Strategy.ZERO1)
          .is(KernelCode.STACK, KernelCode.LaunchStack.TUNED, "internlm/model")
          .done();

  private InternEvo() {}
}
