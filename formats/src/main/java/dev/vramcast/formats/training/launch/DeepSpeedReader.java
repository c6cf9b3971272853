package dev.vramcast.formats.training.launch;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.zero.ZeroConfig;
import java.util.List;
import java.util.Optional;

/** DeepSpeed's JSON, with which a Trainer fills in what says {@code auto}. */
public final class DeepSpeedReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(DeepSpeedReader.class, "deepspeed.tsv");

  @Override
  public FormatName name() {
    return FormatName.DEEPSPEED;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    boolean one =
        file.count("zero_optimization", "train_micro_batch_size_per_gpu", "train_batch_size") > 0;
    return file.form() == Form.TREE && one ? new Recognition(6) : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, FormatName.DEEPSPEED.label());
    ZeroConfig.read(job, file.name(), "", file.root());
    unlessAuto(job, "train_micro_batch_size_per_gpu", JobKey.MICRO_BATCH);
    unlessAuto(job, "gradient_accumulation_steps", JobKey.GRAD_ACCUM);
    precision(job, "bf16.enabled", "bf16");
    precision(job, "fp16.enabled", "fp16");
    job.reads(List.of(JobKey.OPTIMIZER_NAME), () -> optimizer(job));
    job.assumeOneGpu();
    return job.done(name());
  }

  private static Optional<Setting> coverage(JobBuilder job, String path) {
    return job.get(path).filter(setting -> !setting.shown().equals("auto"));
  }

  private static void unlessAuto(JobBuilder job, String path, JobKey key) {
    coverage(job, path).ifPresent(setting -> job.reads(List.of(key), () -> job.put(key, setting)));
  }

  private static void precision(JobBuilder job, String path, String value) {
    job.reads(
        List.of(JobKey.PRECISION),
        () ->
            coverage(job, path)
                .filter(Setting::bool)
                .ifPresent(setting -> job.put(JobKey.PRECISION, value, setting)));
  }

  /** deepspeed/runtime/config.py; Adam is FusedAdam in AdamW's mode. */
  private static void optimizer(JobBuilder job) {
    Optional<Setting> type = coverage(job, "optimizer.type");
    if (type.isEmpty()) {
      return;
    }
    switch (type.get().word()) {
      case "adam", "adamw", "onebitadam", "zerooneadam" ->
          job.put(JobKey.OPTIMIZER_NAME, "adamw", type.get());
      case "lion" -> job.put(JobKey.OPTIMIZER_NAME, "lion", type.get());
      case "sgd" -> job.put(JobKey.OPTIMIZER_NAME, "sgd", type.get());
      case "muon" -> job.put(JobKey.OPTIMIZER_NAME, "muon", type.get());
      default -> throw type.get().unusable("Adam, AdamW, Lion, SGD, Muon");
    }
  }
}
