package dev.vramcast.formats.training.swift;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.AttentionWords;
import dev.vramcast.formats.training.trainer.Dtypes;
import dev.vramcast.formats.training.trainer.TrainerStep;
import java.util.List;
import java.util.Optional;

/** What ms-swift says about a step on the Trainer. */
final class Step {

  private final JobBuilder job;
  private final TrainerStep step;

  Step(JobBuilder job, TrainerStep step) {
    this.job = job;
    this.step = step;
  }

  void read(Optional<Setting> ofFsdp) {
    job.reads(List.of(JobKey.PRECISION), this::precision);
    job.reads(List.of(JobKey.CHECKPOINTING), () -> checkpointing(ofFsdp));
    rows(job);
    job.reads(List.of(JobKey.ATTENTION), this::attention);
    job.reads(List.of(JobKey.CONTEXT), this::context);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    if (job.isOn("use_liger_kernel")) {
      liger(job.get("use_liger_kernel").orElseThrow());
    }
  }

  private void liger(Setting asked) {
    Optional<Setting> own = OwnLoss.of(job);
    step.liger(asked, own.isEmpty());
    own.ifPresent(
        setting ->
            job.say(
                FindingCode.SURPRISING_DEFAULT,
                asked,
                "use_liger_kernel replaces layers alone beside "
                    + setting.key()
                    + ", whose loss is computed of whole logits"));
  }

  /** Lengths and packing, which Megatron-SWIFT takes by the same keys. */
  static void rows(JobBuilder job) {
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), () -> length(job));
    job.reads(
        List.of(JobKey.PADDING),
        () ->
            List.of("packing", "padding_free").stream()
                .filter(job::isOn)
                .findFirst()
                .ifPresent(
                    key -> job.put(JobKey.PADDING, Padding.PACKED, job.get(key).orElseThrow())));
  }

  private static void length(JobBuilder job) {
    Optional<Setting> packed = job.get("packing_length").filter(value -> job.isOn("packing"));
    packed
        .or(() -> job.get("max_length"))
        .ifPresentOrElse(
            setting -> job.put(JobKey.SEQUENCE_LENGTH, setting),
            () ->
                job.openLength(
                    "max_length is not given, so examples are cut only at the model's limit"));
  }

  /** {@code torch_dtype} decides unless bf16 or fp16 are given (base_args/model_args.py). */
  private void precision() {
    Optional<Setting> dtype = job.get("torch_dtype");
    dtype.ifPresent(setting -> Dtypes.read(job, setting));
    step.precision();
    if (job.isOff("bf16") && job.isOff("fp16")) {
      DataType type = dtype.flatMap(Dtypes::of).orElse(DataType.BF16);
      job.put(JobKey.PRECISION, type.label(), job.get("bf16").orElseThrow());
    }
    boolean fsdp = job.is(JobKey.STRATEGY, "fsdp1") || job.is(JobKey.STRATEGY, "fsdp2");
    boolean full = job.get("tuner_type").filter(type -> type.word().equals("full")).isPresent();
    boolean pure = job.has(JobKey.PRECISION) && !mixed();
    if (fsdp && full && !pure) {
      if (!job.has(JobKey.PRECISION)) {
        job.put(JobKey.PRECISION, "bf16-mixed", JobKey.STRATEGY);
      }
      job.put(JobKey.MODEL_DTYPE, DataType.FP32, JobKey.STRATEGY);
    }
  }

  private boolean mixed() {
    return job.is(JobKey.PRECISION, "bf16-mixed") || job.is(JobKey.PRECISION, "fp16-mixed");
  }

  private void checkpointing(Optional<Setting> ofFsdp) {
    if (ofFsdp.isPresent()) {
      if (job.isOn("gradient_checkpointing")) {
        job.say(
            FindingCode.REFUSED,
            job.get("gradient_checkpointing").orElseThrow(),
            "gradient_checkpointing is refused beside the checkpointing of FSDP2's preset");
      }
      job.put(JobKey.CHECKPOINTING, "full", ofFsdp.get());
      // accelerate/accelerator.py prepare_model: CheckpointImpl.NO_REENTRANT.
      job.put(JobKey.CHECKPOINTING_REENTRANT, false, ofFsdp.get());
      return;
    }
    step.checkpointing(true, Optional.empty());
  }

  private void attention() {
    Optional<Setting> named = job.get("attn_impl");
    if (named.isPresent()) {
      AttentionWords.read(job, named.get());
    } else if (job.isOn("use_flash_attn")) {
      job.put(JobKey.ATTENTION, "flash", job.get("use_flash_attn").orElseThrow());
    }
  }

  private void context() {
    job.takeWay("sequence_parallel_size", JobKey.CONTEXT);
    job.takeWay("deepspeed_autotp_size", JobKey.TENSOR);
    filled(job.whole(JobKey.CONTEXT).orElse(1));
  }

  /** swift/sequence_parallel/sequence_parallel.py pad: up to a length that the ranks divide. */
  private void filled(int ranks) {
    int length = job.whole(JobKey.SEQUENCE_LENGTH).orElse(0);
    if (ranks > 1 && length % ranks != 0) {
      int whole = Math.addExact(length, ranks - length % ranks);
      job.any("packing_length", "max_length").ifPresent(cut -> fill(cut, ranks, whole));
    }
  }

  private void fill(Setting cut, int ranks, int whole) {
    job.put(JobKey.SEQUENCE_LENGTH, whole, cut);
    job.say(
        FindingCode.SURPRISING_DEFAULT,
        cut,
        cut.key() + " is " + cut.shown() + ", filled up to " + whole + " for " + ranks + " ranks");
  }

  private void optimizer() {
    Optional<Setting> own = job.get("optimizer");
    if (job.isOn("use_galore")) {
      job.put(JobKey.OPTIMIZER_NAME, "galore", job.get("use_galore").orElseThrow());
    } else if (own.filter(value -> value.word().startsWith("muon")).isPresent()) {
      job.put(JobKey.OPTIMIZER_NAME, "muon", own.orElseThrow());
    } else {
      own.ifPresent(
          setting ->
              job.say(
                  FindingCode.NOT_COUNTED,
                  setting,
                  "optimizer is " + setting.shown() + ": counted as the optimizer of optim"));
    }
  }
}
