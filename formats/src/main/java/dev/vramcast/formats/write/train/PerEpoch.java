package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How often an epoch Axolotl evaluates and saves, in the words of transformers' Trainer: each
 * epoch, or a share of all steps (axolotl/utils/config/__init__.py normalize_config).
 */
final class PerEpoch {

  private static final Map<String, String> KEYS =
      Map.of("evals_per_epoch", "eval", "saves_per_epoch", "save");

  /** Whose arguments are those of the Trainer (transformers/training_args.py). */
  private static final Set<String> TARGETS = Set.of("trl", "llama-factory", "ms-swift");

  private static final MathContext DIGITS = new MathContext(6, RoundingMode.HALF_UP);

  private PerEpoch() {}

  /**
   * Keys of the target for one of Axolotl's; empty where it is none of these, or says no number.
   *
   * @param job how long the run is: epochs, where no number of steps ends it
   */
  static Map<String, Object> of(String key, Object value, String target, JobDocument job) {
    String what = KEYS.get(key);
    BigDecimal often = number(value);
    if (what == null || often == null || !TARGETS.contains(target)) {
      return Map.of();
    }
    if (often.compareTo(BigDecimal.ONE) == 0) {
      return Map.of(what + "_strategy", "epoch");
    }
    BigDecimal epochs =
        job.entry(JobKey.EPOCHS).map(entry -> number(entry.value())).orElse(BigDecimal.ONE);
    return job.has(JobKey.STEPS)
        ? Map.of()
        : Map.of(
            what + "_strategy",
            "steps",
            what + "_steps",
            BigDecimal.ONE.divide(often.multiply(epochs), DIGITS));
  }

  /** The key of a job that one of Axolotl's says where it is kept as it stands. */
  static Optional<JobKey> says(String key, Object value) {
    BigDecimal often = number(value);
    boolean each = often != null && often.compareTo(BigDecimal.ONE) == 0;
    return key.equals("saves_per_epoch") && each
        ? Optional.of(JobKey.SAVE_STRATEGY)
        : Optional.empty();
  }

  /** A number above 0; null for anything else. */
  private static @Nullable BigDecimal number(Object value) {
    try {
      BigDecimal number = new BigDecimal(String.valueOf(value));
      return number.signum() > 0 ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
