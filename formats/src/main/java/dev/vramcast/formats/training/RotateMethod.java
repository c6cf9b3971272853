package dev.vramcast.formats.training;

import dev.vramcast.core.job.document.JobKey;
import java.util.Optional;

/**
 * How keys and values come under PyTorch's context parallelism
 * (torch/distributed/tensor/experimental/_attention.py set_rotate_method): gathered, unless a
 * setting says {@code alltoall}.
 */
public final class RotateMethod {

  private RotateMethod() {}

  /** Takes the setting, where there is one and ranks share sequences. */
  public static void take(JobBuilder job, Optional<Setting> method) {
    method
        .filter(each -> each.word().equals("alltoall") && job.divides(JobKey.CONTEXT))
        .ifPresent(each -> job.put(JobKey.SEQUENCE_SCHEME, "ring", each));
  }
}
