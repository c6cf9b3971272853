package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Optional;

/**
 * accelerate puts DeepSpeed's own Adam in place of the optimizer that is named when states are kept
 * in the host's memory, unless {@code zero_force_ds_cpu_optimizer} is false
 * (accelerate/accelerator.py _prepare_deepspeed, utils/deepspeed.py
 * map_pytorch_optim_to_deepspeed).
 */
public final class CpuOptimizer {

  /** What DeepSpeed has a kernel for on the CPU. */
  private static final List<String> KEPT = List.of("adamw", "lion");

  private CpuOptimizer() {}

  /** Takes what steps, after both the optimizer and how the job is spread were read. */
  public static void settle(JobBuilder job) {
    boolean zero =
        List.of("zero1", "zero2", "zero3").stream().anyMatch(s -> job.is(JobKey.STRATEGY, s));
    boolean named = job.has(JobKey.OPTIMIZER_NAME);
    boolean known = KEPT.stream().anyMatch(name -> job.is(JobKey.OPTIMIZER_NAME, name));
    if (!zero || !named || known || !job.isOffloaded("optimizer")) {
      return;
    }
    Optional<Setting> origin = job.any("optimizer", "optim");
    boolean keeps = job.keepsOptimizer();
    job.put(JobKey.OPTIMIZER_NAME, "adamw", JobKey.OFFLOAD);
    job.put(JobKey.OPTIMIZER_IMPLEMENTATION, "deepspeed", JobKey.OFFLOAD);
    origin.ifPresent(
        setting ->
            job.say(
                keeps ? FindingCode.NOT_COUNTED : FindingCode.IGNORED_KEY,
                setting,
                setting.key()
                    + (keeps
                        ? " steps on the CPU, where its states are counted as AdamW's"
                        : " does nothing: accelerate steps with DeepSpeed's Adam on the CPU when"
                            + " states are offloaded")));
  }
}
