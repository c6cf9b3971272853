package dev.vramcast.core.rule;

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
}
