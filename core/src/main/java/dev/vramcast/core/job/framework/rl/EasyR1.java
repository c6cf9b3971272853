package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.rule.FrameworkRules;

/** EasyR1 0.3. */
public final class EasyR1 {

  private static final String ROLLOUT = "verl/workers/rollout/config.py";

  public static final FrameworkRules RULES =
      Verl.hybrid(
              "easyr1",
              "verl/workers/actor/config.py",
              "verl/workers/actor/config.py",
              "verl/workers/fsdp_workers.py",
              64)
          .is(JobKey.MICRO_BATCH, 4, "verl/workers/actor/config.py")
          .is(JobKey.ENGINE_FRACTION, 0.6, ROLLOUT)
          .is(JobKey.ENGINE_TENSOR, 2, ROLLOUT)
          .done();

  private EasyR1() {}
}
