package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.shard.zero.ZeroSettings;

/**
 * Parameters that ZeRO's stage 3 has gathered and given up. They are of a stream of their own,
 * {@code __allgather_stream}, and {@code free_param} records them on the stream that computes
 * (deepspeed/runtime/zero/partition_parameters.py), where they wait until the GPU has come past
 * their module. Nothing holds the process back for that in a forward pass: {@code
 * max_ongoing_fetch_events} counts gathers, which wait for no module
 * (partitioned_param_coordinator.py). So up to all parameters are there at a time, and never more.
 * Without {@code overlap_comm} that stream is the one that computes, and nothing waits.
 */
final class GatheredAhead {

  private GatheredAhead() {}

  /** Bytes beside those that {@code max_live_parameters} allows. */
  static long bytes(Architecture architecture, ResolvedJob job) {
    ZeroSettings settings = ZeroSettings.of(job, architecture.hiddenSize());
    boolean gathers =
        settings.overlaps()
            && job.parallelism().strategy() == Strategy.ZERO3
            && job.parallelism().shards() > 1
            && job.quantization().isNone();
    long beside = Tensors.count(architecture) - settings.maxLive();
    return gathers ? Math.max(0, beside) * job.computeDtype().bytes() : 0;
  }
}
