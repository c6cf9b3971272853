package dev.vramcast.formats.training.megatron;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Optimizer states that Megatron keeps in host memory. */
public final class OffloadedOptimizer {

  private OffloadedOptimizer() {}

  /**
   * Takes the settings of Megatron's OptimizerConfig, by which the switch alone moves nothing: the
   * fraction beside it is 0 by default (megatron/core/optimizer/optimizer_config.py). Gives the job
   * no figure where a part of the states is moved.
   *
   * @param section in which the settings stand, with a dot behind it
   */
  public static void read(JobBuilder job, String section) {
    Optional<Setting> fraction =
        job.get(section + "optimizer_offload_fraction").filter(part -> !part.isIdle());
    if (!job.isOn(section + "optimizer_cpu_offload") || fraction.isEmpty()) {
      return;
    }
    if (fraction.get().number().compareTo(BigDecimal.ONE) != 0) {
      job.notModelled(
          JobKey.OFFLOAD,
          fraction.get(),
          Gap.of("optimizer_offload_fraction ", fraction.get().shown()).modelled("0, 1"));
    }
    job.put(JobKey.OFFLOAD, List.of("optimizer"), fraction.get());
  }
}
