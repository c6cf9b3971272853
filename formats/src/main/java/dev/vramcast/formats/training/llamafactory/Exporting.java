package dev.vramcast.formats.training.llamafactory;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file of {@code llamafactory-cli export}, which loads a model in 16 bits and merges adapters
 * into it (llamafactory/train/tuner.py export_model).
 */
final class Exporting {

  private Exporting() {}

  /** Where adapters are merged, by itself or where the user has a training end with it. */
  static void read(JobBuilder job) {
    boolean told = job.told(JobKey.MERGE, Boolean.class).orElse(false);
    if (!told && isAlone(job)) {
      alone(job, job.get("export_dir").orElseThrow());
    } else if (told) {
      job.get("export_device")
          .ifPresent(device -> job.reads(List.of(JobKey.MERGE_DEVICE), () -> device(job, device)));
    }
  }

  /**
   * A file that says no more than that, whose adapters are not quantised on the way (tuner.py
   * export_model refuses it).
   */
  static boolean isAlone(JobBuilder job) {
    return Stream.of("export_dir", "adapter_name_or_path")
            .allMatch(key -> job.get(key).filter(value -> !value.isIdle()).isPresent())
        && !job.isOn("do_train")
        && job.get("export_quantization_bit").isEmpty();
  }

  private static void alone(JobBuilder job, Setting folder) {
    job.reads(List.of(JobKey.MERGE), () -> job.put(JobKey.MERGE, true, folder));
    job.reads(List.of(JobKey.WEIGHTS_ALONE), () -> job.put(JobKey.WEIGHTS_ALONE, true, folder));
    job.get("export_device")
        .ifPresent(device -> job.reads(List.of(JobKey.MERGE_DEVICE), () -> device(job, device)));
    job.get("quantization_bit")
        .ifPresent(
            bits ->
                job.stops(
                    JobKey.QUANTIZATION_SCHEME,
                    bits,
                    "adapters are not merged into a quantised model"));
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
