package dev.vramcast.formats.training.llamafactory;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;

/**
 * A file of {@code llamafactory-cli export}, which loads a model in 16 bits and merges adapters
 * into it (llamafactory/train/tuner.py export_model).
 */
final class Exporting {

  private Exporting() {}

  /** Where adapters are merged, where the user has a training end with it. */
  static void read(JobBuilder job) {
    if (job.told(JobKey.MERGE, Boolean.class).orElse(false)) {
      job.get("export_device")
          .ifPresent(device -> job.reads(List.of(JobKey.MERGE_DEVICE), () -> device(job, device)));
    }
  }

  /** What such a file is told to end with, for a merge to be answered. */
  static String hint(JobBuilder job, Setting asked) {
    boolean merges =
        asked.key().equals("export_dir") && job.get("adapter_name_or_path").isPresent();
    return merges
        ? "; a training that ends with it, by --method lora and --merge true, says what it takes"
        : "";
  }

  private static void device(JobBuilder job, Setting device) {
    MergeDevice where =
        switch (device.word()) {
          case "cpu" -> MergeDevice.CPU;
          case "auto" -> MergeDevice.GPU;
          default -> throw device.unusable("cpu, auto");
        };
    job.put(JobKey.MERGE_DEVICE, where.label(), device);
  }
}
