package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.code.LaunchStack;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.Rule;

/** InternEvo: bf16 with masters under ZeRO-1. */
public final class InternEvo {

  public static final FrameworkRules RULES =
      OwnModels.fused("internevo", "internlm/model", "internlm/initialize/launch.py")
          .rule(
              JobKey.STRATEGY,
              Rule.framework("internevo: internlm/initialize/launch.py", d -> Strategy.ZERO1)
                  .when(d -> d.whole(JobKey.GPU_COUNT) > 1))
          .is(CodeKey.STACK, LaunchStack.TUNED, "internlm/model")
          .done();

  private InternEvo() {}
}
