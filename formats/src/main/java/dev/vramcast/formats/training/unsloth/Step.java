package dev.vramcast.formats.training.unsloth;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Optional;

/** Lengths, packing and precision. */
final class Step {

  private final JobBuilder job;

  Step(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), this::length);
    job.reads(List.of(JobKey.PADDING), this::packing);
    job.reads(List.of(JobKey.PRECISION), this::precision);
  }

  private void length() {
    Optional<Setting> coverage =
        job.get("max_length")
            .or(() -> job.get("max_seq_length"))
            .or(() -> job.get("from_pretrained.max_seq_length"));
    coverage.ifPresentOrElse(
        setting -> job.put(JobKey.SEQUENCE_LENGTH, setting),
        () ->
            job.say(
                FindingCode.SURPRISING_DEFAULT,
                "max_seq_length",
                "max_seq_length is missing: Unsloth's default is 2048"));
  }

  private void packing() {
    if (job.isOn("packing")) {
      job.put(JobKey.PADDING, Padding.PACKED, job.get("packing").orElseThrow());
    }
  }

  /** What asks the GPU is left to the framework, which takes bf16 where there is some. */
  private void precision() {
    for (String key : List.of("bf16", "fp16")) {
      job.get(key)
          .filter(setting -> !setting.shown().matches("(?i).*b(f|float)16.*"))
          .filter(Setting::bool)
          .ifPresent(setting -> job.put(JobKey.PRECISION, key + "-mixed", setting));
    }
  }
}
