package dev.vramcast.formats.training.automodel;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.Locale;
import java.util.Optional;

/**
 * Transformer Engine's Adam (transformer_engine/pytorch/optimizers/fused_adam.py): moments in fp32
 * whatever the parameters are, unless it is told, and an fp32 copy of them where that is asked for.
 */
public final class EngineAdam {

  private EngineAdam() {}

  /** Whether a class is that one. */
  public static boolean isOne(Setting named) {
    return named.text().toLowerCase(Locale.ROOT).endsWith("fusedadam");
  }

  /**
   * Takes it.
   *
   * @param section where its arguments stand, with a dot at the end
   */
  public static void read(JobBuilder job, Setting named, String section) {
    job.put(JobKey.OPTIMIZER_NAME, "adamw", named);
    job.put(JobKey.OPTIMIZER_IMPLEMENTATION, "fused", named);
    Optional<Setting> moments = job.get(section + "exp_avg_dtype");
    boolean narrow = moments.filter(dtype -> dtype.text().endsWith("bfloat16")).isPresent();
    job.put(JobKey.OPTIMIZER_STATE_DTYPE, narrow ? "bf16" : "fp32", moments.orElse(named));
    Optional<Setting> copies = job.get(section + "master_weights").filter(Setting::bool);
    Optional<Setting> halves = job.get(section + "store_param_remainders").filter(Setting::bool);
    if (copies.isPresent() && halves.isPresent()) {
      job.say(
          FindingCode.NOT_COUNTED,
          halves.get(),
          halves.get().key()
              + " keeps what bf16 parameters lack of fp32, 2 bytes each: it is not counted");
    }
    copies.ifPresent(on -> job.put(JobKey.MASTER_WEIGHTS, halves.isEmpty(), on));
  }
}
