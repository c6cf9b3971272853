package dev.vramcast.formats.training.swift;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** {@code rlhf_type gkd}: swift/arguments/rlhf_args.py, swift/rlhf_trainers/gkd_trainer.py. */
final class Distillation {

  /** What changes how the teacher runs, or what of its logits is compared. */
  private static final List<String> OTHERWISE =
      List.of(
          "teacher_deepspeed",
          "teacher_adapters",
          "offload_teacher_model",
          "gkd_logits_topk",
          "sft_alpha");

  private final JobBuilder job;

  Distillation(JobBuilder job) {
    this.job = job;
  }

  void read() {
    Optional<Setting> teacher = job.get("teacher_model");
    boolean itself =
        teacher.isEmpty()
            || job.get("model").filter(own -> own.shown().equals(teacher.get().shown())).isPresent()
                && !job.is(JobKey.METHOD, "full");
    if (itself) {
      job.notModelled(JobKey.STAGE, Gap.of("distillation of a model from itself"));
    }
    OTHERWISE.stream()
        .flatMap(key -> job.get(key).filter(set -> !set.isIdle()).stream())
        .findFirst()
        .ifPresent(
            set -> job.notModelled(JobKey.STAGE, set, Gap.of(set.key(), " of distillation")));
    job.reads(List.of(JobKey.ENGINE), this::engine);
  }

  /** {@code lmbda} is the share of batches whose answers the student generates. */
  private void engine() {
    Optional<Setting> share = job.get("lmbda");
    BigDecimal generated = share.map(Setting::number).orElse(new BigDecimal("0.5"));
    if (generated.signum() == 0) {
      job.put(JobKey.ENGINE, "none", share.orElseThrow());
      return;
    }
    if (job.is(JobKey.ENGINE, "vllm-colocate")) {
      new Rollout(job).engine();
    } else if (!job.has(JobKey.ENGINE)) {
      job.put(JobKey.ENGINE, "transformers");
    }
    if (generated.compareTo(BigDecimal.ONE) >= 0) {
      job.reads(List.of(JobKey.SEQUENCE_LENGTH), new Rollout(job)::length);
    } else {
      job.say(
          FindingCode.NOT_COUNTED,
          "lmbda",
          "batches that the student answers have fewer logits than those of the data, which are"
              + " counted");
    }
  }
}
