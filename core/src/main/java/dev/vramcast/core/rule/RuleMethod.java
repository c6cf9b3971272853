package dev.vramcast.core.rule;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;

/** The methods that the rule of thumb tells apart. */
public enum RuleMethod {
  FULL,
  LORA,
  QLORA;

  /** The method's name in job documents. */
  public String label() {
    return switch (this) {
      case FULL -> Method.FULL.label();
      case LORA -> Method.LORA.label();
      case QLORA -> Method.QLORA.label();
    };
  }

  /** The rule's word for a method; variants of LoRA cost what LoRA costs. */
  public static RuleMethod of(Method method) {
    return switch (method) {
      case FULL -> FULL;
      case LORA, DORA, RSLORA, PISSA -> LORA;
      case QLORA -> QLORA;
      case FREEZE, GALORE ->
          throw InputError.of("the rule of thumb has no answer for ", JobKey.METHOD, " ", method)
              .concerning(JobKey.METHOD)
              .allowed("full, lora, qlora")
              .refusal();
    };
  }
}
