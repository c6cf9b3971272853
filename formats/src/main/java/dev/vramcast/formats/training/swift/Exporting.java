package dev.vramcast.formats.training.swift;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.value.NamedBits;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.run.WeightsAlone;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.List;
import java.util.Optional;

/**
 * {@code swift export --merge_lora true}, which loads the model where {@code device_map} says and
 * merges adapters into it (swift/llm/export/merge_lora.py).
 */
final class Exporting {

  private Exporting() {}

  static void read(JobBuilder job, TrainingFile file) {
    Optional<Setting> word = WeightsAlone.word(file);
    if (word.isEmpty()) {
      return;
    }
    WeightsAlone.read(job, file);
    Setting merges = job.get("merge_lora").orElse(word.get());
    job.reads(List.of(JobKey.MERGE), () -> job.put(JobKey.MERGE, true, merges));
    job.told(JobKey.MODEL_ID, String.class)
        .filter(NamedBits::isQuantised)
        .ifPresent(name -> job.notModelled(JobKey.MERGE, merges, WeightsAlone.intoQuantised()));
    job.get("device_map")
        .filter(device -> device.word().equals("cpu"))
        .ifPresent(
            device ->
                job.reads(
                    List.of(JobKey.MERGE_DEVICE),
                    () -> job.put(JobKey.MERGE_DEVICE, MergeDevice.CPU.label(), device)));
  }
}
