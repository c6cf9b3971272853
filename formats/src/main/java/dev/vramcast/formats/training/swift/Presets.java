package dev.vramcast.formats.training.swift;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.trainer.Fsdp;
import java.util.List;
import java.util.Optional;

/**
 * Names of configurations that come with ms-swift: {@code zero0} to {@code zero3}, {@code
 * zero2_offload}, {@code zero3_offload} and {@code fsdp2} (swift/config).
 */
final class Presets {

  private final JobBuilder job;
  private final SiblingFiles siblings;

  Presets(JobBuilder job, SiblingFiles siblings) {
    this.job = job;
    this.siblings = siblings;
  }

  /** Takes a preset; returns where FSDP's own checkpointing is asked for. */
  Optional<Setting> read() {
    if (ofZero()) {
      job.reads(List.of(JobKey.STRATEGY), () -> zero(job.get("deepspeed").orElseThrow()));
    }
    Optional<Setting> fsdp = job.get("fsdp").filter(this::isPreset);
    fsdp.ifPresent(
        setting -> {
          job.put(JobKey.STRATEGY, "fsdp2", setting);
          job.put(JobKey.RESHARD_AFTER_FORWARD, true, setting);
          job.put(JobKey.FSDP_CHECKPOINTING, true, setting);
        });
    return fsdp.isPresent() ? fsdp : file();
  }

  /** A file with {@code fsdp} and {@code fsdp_config} (swift/arguments/sft_args.py _init_fsdp). */
  private Optional<Setting> file() {
    Optional<Setting> named =
        job.get("fsdp").filter(setting -> setting.shown().matches("(?i)\\S+\\.json"));
    Optional<TrainingFile> file = named.flatMap(setting -> siblings.find(setting.shown()));
    if (file.isEmpty()) {
      named.ifPresent(
          setting ->
              job.reads(
                  List.of(JobKey.STRATEGY),
                  () -> {
                    throw setting.missingFile();
                  }));
      return Optional.empty();
    }
    Optional<Setting> section = JobBuilder.in(file.get(), "fsdp_config");
    return new Fsdp(job, section, JobBuilder.in(file.get(), "fsdp").orElse(named.orElseThrow()))
        .read();
  }

  /** Whether a file says how the job is spread, whether it is there or not. */
  boolean isFile() {
    return job.get("fsdp").filter(setting -> setting.shown().endsWith(".json")).isPresent();
  }

  /** Whether DeepSpeed's configuration is one of them, which no file has to be there for. */
  boolean ofZero() {
    return job.get("deepspeed").filter(this::isPreset).isPresent();
  }

  private boolean isPreset(Setting setting) {
    return siblings.find(setting.shown()).isEmpty()
        && setting.shown().matches("zero[0-3](_offload)?|fsdp2");
  }

  private void zero(Setting setting) {
    String name = setting.word();
    char stage = name.charAt("zero".length());
    if (stage != '0') {
      job.put(JobKey.STRATEGY, "zero" + stage, setting);
    }
    if (name.endsWith("_offload")) {
      job.put(
          JobKey.OFFLOAD,
          stage == '3' ? List.of("optimizer", "parameters") : List.of("optimizer"),
          setting);
    }
  }
}
