package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.rule.FrameworkRules;

/** LLMQ. */
public final class Llmq {

  public static final FrameworkRules RULES = OwnModels.fused("llmq", "src/training").done();

  private Llmq() {}
}
