package dev.vramcast.formats.training.llamafactory;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.value.NamedBits;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.Dtypes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file of {@code llamafactory-cli export}, which loads a model and merges adapters into it
 * (llamafactory/train/tuner.py export_model).
 */
final class Exporting {

  /** tuner.py export_model, at a model with a quantization_method. */
  private static final String QUANTISED = "adapters are not merged into a quantised model";

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
    dtype(job, folder);
    job.get("quantization_bit")
        .ifPresent(bits -> job.stops(JobKey.QUANTIZATION_SCHEME, bits, QUANTISED));
    job.told(JobKey.MODEL_ID, String.class)
        .filter(NamedBits::isQuantised)
        .ifPresent(
            name ->
                named(job, name)
                    .ifPresentOrElse(
                        model -> job.stops(JobKey.MODEL_ID, model, QUANTISED),
                        () -> job.stops(JobKey.WEIGHTS_ALONE, folder, QUANTISED)));
  }

  /**
   * Weights are loaded and written in {@code infer_dtype}; without it in 16 bits where there is
   * CUDA, else in fp32 (extras/misc.py infer_optim_dtype), on the host too.
   */
  private static void dtype(JobBuilder job, Setting folder) {
    Optional<Setting> dtype =
        job.get("infer_dtype").filter(setting -> !setting.word().equals("auto"));
    dtype.ifPresent(
        setting -> job.reads(List.of(JobKey.MODEL_DTYPE), () -> Dtypes.read(job, setting)));
    boolean onHost =
        job.get("export_device").filter(device -> device.word().equals("auto")).isEmpty();
    if (onHost && !job.has(JobKey.MODEL_DTYPE)) {
      job.say(
          FindingCode.NOT_COUNTED,
          folder,
          "on a machine without CUDA LLaMA-Factory merges in fp32, which model.dtype fp32 counts");
    }
  }

  /** The setting that names the model, unless the user names another one. */
  private static Optional<Setting> named(JobBuilder job, String name) {
    return job.get("model_name_or_path").filter(model -> model.model().equals(name));
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
