package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.rule.FrameworkRules;

/** Foundation Model Stack. */
public final class FmsFsdp {

  public static final FrameworkRules RULES =
      OwnModels.mixedFsdp("fms-fsdp", "ibm-fms, fms/models/llama.py", "fms_fsdp/config/training.py")
          .is(JobKey.COMPILE, true, "fms_fsdp/config/training.py")
          .done();

  private FmsFsdp() {}
}
