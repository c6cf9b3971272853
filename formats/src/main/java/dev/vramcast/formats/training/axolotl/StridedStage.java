package dev.vramcast.formats.training.axolotl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.StageNames;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * EBFT that generates at places all over a text (core/trainers/ebft/args.py
 * AxolotlStridedEBFTConfig).
 */
final class StridedStage {

  private final JobBuilder job;

  private StridedStage(JobBuilder job) {
    this.job = job;
  }

  static void read(JobBuilder job, Setting mode) {
    StageNames.read(job, mode, Stage.EBFT_STRIDED.label());
    new StridedStage(job).read();
  }

  private void read() {
    job.take("ebft.stride", JobKey.STRIDE);
    job.take("ebft.generate_max_len", JobKey.COMPLETION_LENGTH);
    job.take("ebft.n_samples_per_prompt", JobKey.GROUP_SIZE);
    job.take("ebft.ce_coef", JobKey.LOSS_ALPHA);
    job.reads(List.of(JobKey.PROMPT_LENGTH), this::first);
    notCounted(
        "feature_layers", layers -> layers.words().size() != 3, ": three layers are counted");
    notCounted(
        "top_p",
        share -> share.number().doubleValue() < 1,
        ": what sorts probabilities is not counted");
    notCounted("use_whitening", Setting::bool, ": matrices of features are not counted");
  }

  /**
   * Behind the prompt, where texts have one ({@code anchor_offset} of strided.py), which a file
   * does not say.
   */
  private void first() {
    Optional<Setting> prefix =
        at("min_completion_prefix").filter(tokens -> tokens.number().signum() > 0);
    if (prefix.isEmpty()) {
      job.take("ebft.context_length", JobKey.PROMPT_LENGTH);
      return;
    }
    Setting said = prefix.get();
    int context = at("context_length").map(Setting::whole).orElse(8);
    job.put(JobKey.PROMPT_LENGTH, Math.max(said.whole(), context), said);
    job.say(
        FindingCode.NOT_COUNTED,
        said,
        said.key(),
        ": prompts are counted as having no tokens; ",
        JobKey.PROMPT_LENGTH,
        " says how many are before the first place that is generated at");
  }

  private void notCounted(String key, Predicate<Setting> asks, String why) {
    job.reads(
        List.of(JobKey.STAGE),
        () ->
            at(key)
                .filter(asks)
                .ifPresent(said -> job.say(FindingCode.NOT_COUNTED, said, said.key(), why)));
  }

  private Optional<Setting> at(String key) {
    return job.get("ebft." + key);
  }
}
