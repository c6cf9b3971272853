package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.EvaluationCode.Generation;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.rule.FrameworkRules;

/** PEFT: its scripts leave the loop to Transformers or TRL. */
public final class Peft {

  public static final FrameworkRules RULES =
      Transformers.loading(Transformers.RULES, "peft")
          .is(SaveCode.CONSOLIDATOR, SaveCode.Consolidator.ACCELERATE, Transformers.MERGES)
          .is(EvaluationCode.GENERATION, Generation.BEFORE_LOSS, Transformers.SEQ2SEQ)
          .is(JobKey.METHOD, Method.LORA, Transformers.LORA_CONFIG)
          .is(
              SpreadCode.ZERO,
              ZeroConfiguration.DEEPSPEED_DEFAULTS,
              "examples/sft/configs/deepspeed_config.yaml")
          .done();

  private Peft() {}
}
