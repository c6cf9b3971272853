package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.rule.FrameworkRules;

/** Surogate, built on LLMQ's kernels. */
public final class Surogate {

  public static final FrameworkRules RULES = OwnModels.fused("surogate", "src/training").done();

  private Surogate() {}
}
