package dev.vramcast.formats.training.megatron;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;

/** Optimizer states that Megatron divides among no ranks. */
public final class WholeStates {

  private WholeStates() {}

  /**
   * Has every rank hold all states of its weights where the distributed optimizer is turned off,
   * which frameworks on Megatron turn on.
   *
   * @param key under which the format has the switch
   */
  public static void read(JobBuilder job, String key) {
    job.get(key)
        .filter(off -> !off.bool())
        .ifPresent(off -> job.reads(List.of(JobKey.REPLICATE), () -> whole(job, off)));
  }

  private static void whole(JobBuilder job, Setting off) {
    long apart = job.product(List.of(JobKey.TENSOR, JobKey.PIPELINE, JobKey.CONTEXT));
    int count = job.whole(JobKey.GPU_COUNT).orElse(1);
    if (count <= apart || count % apart != 0) {
      return;
    }
    if (job.divides(JobKey.CONTEXT)) {
      job.notModelled(
          JobKey.STRATEGY,
          off,
          Gap.of("a context_parallel_size without the distributed optimizer")
              .modelled(off.key(), " on"));
      return;
    }
    job.put(JobKey.SHARD, 1, off);
    job.put(JobKey.REPLICATE, (int) (count / apart), off);
  }
}
