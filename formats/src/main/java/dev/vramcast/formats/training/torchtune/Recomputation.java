package dev.vramcast.formats.training.torchtune;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which layers a recipe checkpoints: all of them by {@code enable_activation_checkpointing}, which
 * every recipe reads, or some by {@code ac_mode}, which three of them read where that is off
 * (recipes/full_finetune_distributed.py, qat_distributed.py, dev/early_exit_finetune_distributed.py
 * of 0.3 to 0.7).
 */
final class Recomputation {

  private static final String ALL = "enable_activation_checkpointing";
  private static final String OFFLOADING = "enable_activation_offloading";
  private static final String MODE = "ac_mode";
  private static final String OPTION = "ac_option";

  private static final Pattern HEEDING =
      Pattern.compile("(?!.*lora).*(?:full_finetune|qat|early_exit_finetune)_distributed.*");

  private final JobBuilder job;
  private final String recipe;

  Recomputation(JobBuilder job, String recipe) {
    this.job = job;
    this.recipe = recipe;
  }

  void read() {
    boolean on = job.isOn(ALL);
    boolean offloads = job.isOn(OFFLOADING);
    if (offloads && !on) {
      job.say(
          FindingCode.REFUSED,
          job.get(OFFLOADING).orElseThrow(),
          OFFLOADING + " is refused without " + ALL);
    }
    Optional<Setting> mode = job.get(MODE);
    if (mode.isPresent() && isHeeded()) {
      some(mode.get(), on);
      return;
    }
    mode.ifPresent(
        set ->
            job.say(
                FindingCode.IGNORED_KEY,
                set,
                MODE
                    + " does nothing: full_finetune_distributed, qat_distributed and"
                    + " early_exit_finetune_distributed read it, and no other recipe"));
    if (on) {
      job.put(
          JobKey.CHECKPOINTING,
          offloads ? "offloaded" : "full",
          job.get(offloads ? OFFLOADING : ALL).orElseThrow());
    } else {
      job.get(ALL)
          .or(() -> mode)
          .ifPresent(setting -> job.put(JobKey.CHECKPOINTING, "none", setting));
    }
  }

  /** Whether the recipe reads it; where nothing names one, that of whole models on several GPUs. */
  private boolean isHeeded() {
    boolean whole = !job.has(JobKey.METHOD) || job.is(JobKey.METHOD, "full");
    return recipe.isEmpty() ? whole : HEEDING.matcher(recipe).matches();
  }

  private void some(Setting mode, boolean on) {
    if (on) {
      job.put(JobKey.CHECKPOINTING, "none", mode);
      job.say(
          FindingCode.CONTRADICTION,
          mode,
          MODE + " beside " + ALL + ": the recipe checkpoints no layer in either way");
      return;
    }
    Optional<Setting> every = job.get(OPTION).filter(at -> at.word().matches("[0-9]+"));
    boolean selective = mode.word().equals("selective");
    if (selective && every.isEmpty()) {
      // training/activations.py checkpoint_wrapper makes a number of it.
      job.say(
          FindingCode.REFUSED,
          job.get(OPTION).orElse(mode),
          OPTION
              + " is "
              + job.get(OPTION).map(Setting::shown).orElse("missing")
              + ", of which the recipe makes no number: "
              + MODE
              + " selective takes every how many layers");
    }
    boolean none = !selective && !mode.word().equals("full");
    job.put(JobKey.CHECKPOINTING, none ? "none" : "full", mode);
    if (selective) {
      // 0 is every layer, as 1 is.
      every.ifPresent(many -> job.put(JobKey.CHECKPOINTING_EVERY, Math.max(1, many.whole()), many));
    }
  }
}
