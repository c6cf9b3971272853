package dev.vramcast.formats.training.openinstruct;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.run.ExampleLimit;
import dev.vramcast.formats.training.run.RunLength;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import dev.vramcast.formats.training.trainer.TrainerSpread;
import java.util.List;
import java.util.Optional;

/** Batches, lengths and GPUs of scripts on accelerate. */
final class Rows {

  private final JobBuilder job;
  private final TrainingFile file;
  private final SiblingFiles siblings;
  private final String program;

  Rows(JobBuilder job, TrainingFile file, SiblingFiles siblings, String program) {
    this.job = job;
    this.file = file;
    this.siblings = siblings;
    this.program = program;
  }

  void read() {
    new LauncherOptions(job, file).read();
    new TrainerSpread(job, siblings).read();
    job.reads(List.of(JobKey.STRATEGY), this::zero);
    job.take("per_device_train_batch_size", JobKey.MICRO_BATCH);
    job.take("gradient_accumulation_steps", JobKey.GRAD_ACCUM);
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), this::length);
    job.get("packing").filter(Setting::bool).ifPresent(on -> job.put(JobKey.PADDING, "packed", on));
    job.reads(List.of(JobKey.EPOCHS), this::run);
  }

  private void run() {
    // open_instruct/finetune.py and dpo_utils.py, and reward_modeling.py
    String key = job.get("num_epochs").isPresent() ? "num_epochs" : "num_train_epochs";
    new RunLength(key, program.equals("reward_modeling") ? 1 : 2).read(job, "max_train_steps");
    ExampleLimit.ofAll(job, "max_train_samples");
  }

  private void zero() {
    job.get("zero_stage")
        .filter(stage -> stage.whole() > 0)
        .ifPresent(stage -> job.put(JobKey.STRATEGY, "zero" + stage.whole(), stage));
    Optional<Setting> states = job.get("offload_optimizer").filter(Setting::bool);
    Optional<Setting> weights = job.get("offload_param").filter(Setting::bool);
    if (weights.isPresent()) {
      job.put(JobKey.OFFLOAD, List.of("parameters", "optimizer"), weights.get());
    } else {
      states.ifPresent(on -> job.put(JobKey.OFFLOAD, List.of("optimizer"), on));
    }
  }

  private void length() {
    job.any("max_seq_length", "max_token_length")
        .ifPresentOrElse(
            tokens -> job.put(JobKey.SEQUENCE_LENGTH, tokens),
            () -> job.openLength("max_seq_length is not given, so nothing says where rows end"));
  }
}
