package dev.vramcast.formats.training.trl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FrozenParts;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.run.ImageSizes;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Switches by which programs that began as 2U1's Qwen2-VL-Finetune say what of a model with images
 * they train (src/train/train_sft.py).
 */
final class VisionSwitches {

  private static final String TOWER = "freeze_vision_tower";
  private static final String MERGER = "freeze_merger";
  private static final String TEXT = "freeze_llm";

  private VisionSwitches() {}

  /** Whether there are such switches. */
  static boolean areIn(TrainingFile file) {
    return file.count(TOWER, MERGER, TEXT) > 0;
  }

  static void read(JobBuilder job) {
    ImageSizes.ofPixels(job, "image_max_pixels");
    job.get("disable_flash_attn2")
        .filter(off -> !off.bool() && !job.has(JobKey.ATTENTION))
        .ifPresent(off -> job.put(JobKey.ATTENTION, "flash", off));
    if (job.any(TOWER, MERGER, TEXT).isEmpty()) {
      return;
    }
    boolean adapters = !job.is(JobKey.METHOD, "full");
    Optional<Setting> whole =
        Stream.of(TOWER, MERGER)
            .flatMap(key -> job.get(key).stream())
            .filter(freezes -> adapters && !freezes.bool())
            .findFirst();
    whole.ifPresent(
        part ->
            job.notModelled(
                JobKey.FROZEN,
                part,
                Gap.of(part.key(), " false beside adapters, which trains that part whole")
                    .modelled(part.key(), " true")));
    if (!adapters) {
      FrozenParts.read(job, TOWER, MERGER, false);
    }
    if (job.get("gradient_checkpointing_kwargs").isEmpty()) {
      job.get("gradient_checkpointing")
          .filter(Setting::bool)
          .ifPresent(on -> job.put(JobKey.CHECKPOINTING_REENTRANT, !job.isOn("vision_lora"), on));
    }
  }
}
