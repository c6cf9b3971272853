package dev.vramcast.formats.training.megatron;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Optional;

/** Compute in 8 bits as Megatron-Core is asked for it, in its own files and those of others. */
public final class NarrowRecipe {

  private static final String MXFP8 = "mxfp8";

  /** Of {@code fp8_recipe} (megatron/core/transformer/transformer_config.py). */
  private static final List<String> RECIPES = List.of("delayed", "tensorwise", "blockwise");

  private NarrowRecipe() {}

  /**
   * Puts what Megatron-Core's own arguments ask for into the job; a recipe alone turns nothing on.
   *
   * @param eight the setting that asks for 8 bits, where the file has one
   */
  public static void read(JobBuilder job, Optional<Setting> eight) {
    eight
        .filter(format -> !format.isIdle())
        .ifPresent(format -> read(job, format, job.get("fp8_recipe")));
    job.get("fp4_format")
        .filter(format -> !format.isIdle())
        .ifPresent(format -> job.put(JobKey.TRAINING_SCHEME, "nvfp4", format));
  }

  /**
   * Puts scheme and recipe into the job.
   *
   * @param why the setting that asks for 8 bits
   */
  public static void read(JobBuilder job, Setting why, Optional<Setting> recipe) {
    String word = recipe.filter(each -> !each.isIdle()).map(Setting::word).orElse("");
    job.put(JobKey.TRAINING_SCHEME, word.equals(MXFP8) ? MXFP8 : "fp8", why);
    if (RECIPES.contains(word)) {
      job.put(JobKey.TRAINING_RECIPE, word, recipe.orElseThrow());
    } else if (!word.isEmpty() && !word.equals(MXFP8)) {
      throw recipe.orElseThrow().unusable(String.join(", ", RECIPES) + ", " + MXFP8);
    }
  }
}
