package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.run.ExampleLimit;
import dev.vramcast.formats.training.run.RunLength;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What transformers' TrainingArguments say about a step. */
public final class TrainerStep {

  /** The arguments of the Trainer. */
  public static final KeyTable KEYS = KeyTable.of(TrainerStep.class, "keys.tsv");

  /** Arguments that a program unpacks from what is not known. */
  private static final String UNPACKED = "**";

  private static final String CHECKPOINTING = "gradient_checkpointing";

  private final JobBuilder job;

  public TrainerStep(JobBuilder job) {
    this.job = job;
  }

  /** The optimizer by its name, compilation, and how long the run is. */
  public void read() {
    read(Optional.empty());
  }

  /**
   * As {@link #read()}.
   *
   * @param episodes prompts that end a run, however often it passes over its data (trl PPOConfig)
   */
  public void read(Optional<Setting> episodes) {
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    job.take("torch_compile", JobKey.COMPILE);
    if (episodes.isPresent()) {
      job.reads(List.of(JobKey.EXAMPLES, JobKey.EPOCHS), () -> end(episodes.get()));
    } else {
      job.reads(List.of(JobKey.EPOCHS), () -> RunLength.TRAINER.read(job, "max_steps"));
      ExampleLimit.ofAll(job, "max_train_samples");
    }
  }

  private void end(Setting episodes) {
    job.put(JobKey.EXAMPLES, episodes);
    job.put(JobKey.EPOCHS, 1, episodes);
  }

  /** Says that a batch of 8 is what the Trainer takes without being told. */
  public void batchDefault() {
    Optional<Setting> elsewhere = job.get(UNPACKED);
    if (job.has(JobKey.MICRO_BATCH) || job.get("per_device_train_batch_size").isPresent()) {
      return;
    }
    if (elsewhere.isPresent()) {
      // What the program puts there by itself is hardly without a batch.
      job.reads(List.of(JobKey.MICRO_BATCH), () -> elsewhere.get().whole());
    } else {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "per_device_train_batch_size",
          "per_device_train_batch_size is missing: the Trainer's default is 8");
    }
  }

  /** Autocast, where it is asked for. */
  public void precision() {
    boolean bf16 = job.isOn("bf16");
    boolean fp16 = job.isOn("fp16");
    if (bf16 && fp16) {
      job.say(FindingCode.REFUSED, job.get("fp16").orElseThrow(), "fp16 is refused beside bf16");
    }
    if (bf16) {
      job.put(JobKey.PRECISION, Precision.BF16_MIXED, job.get("bf16").orElseThrow());
    } else if (fp16) {
      job.put(JobKey.PRECISION, Precision.FP16_MIXED, job.get("fp16").orElseThrow());
    }
  }

  /**
   * Checkpointing by the Trainer or by FSDP.
   *
   * @param byDefault whether the framework checkpoints when nothing is said
   * @param ofFsdp where FSDP's own checkpointing is asked for
   */
  public void checkpointing(boolean byDefault, Optional<Setting> ofFsdp) {
    Optional<Setting> coverage =
        job.get(CHECKPOINTING).or(() -> job.get("activation_checkpointing"));
    boolean offloads = coverage.filter(TrainerStep::isUnsloth).isPresent();
    boolean on = offloads || coverage.map(Setting::bool).orElse(byDefault);
    coverage.ifPresent(
        setting ->
            job.put(
                JobKey.CHECKPOINTING,
                offloads ? Checkpointing.OFFLOADED : on ? Checkpointing.FULL : Checkpointing.NONE,
                setting));
    ofFsdp.ifPresent(
        setting -> {
          job.put(JobKey.CHECKPOINTING, Checkpointing.FULL, setting);
          // accelerate/accelerator.py prepare_model: CheckpointImpl.NO_REENTRANT.
          job.put(JobKey.CHECKPOINTING_REENTRANT, false, setting);
          if (on) {
            job.say(
                FindingCode.REFUSED,
                setting,
                setting.key()
                    + " is refused beside gradient_checkpointing, which is on"
                    + (coverage.isEmpty() ? " by default" : ""));
          }
        });
    Optional<Setting> how =
        job.get("gradient_checkpointing_kwargs")
            .or(() -> job.get("activation_checkpointing_kwargs"));
    how.flatMap(setting -> setting.at("use_reentrant"))
        .or(() -> job.get("use_reentrant"))
        .ifPresent(setting -> job.put(JobKey.CHECKPOINTING_REENTRANT, setting));
    how.flatMap(setting -> setting.at("every_n_layers"))
        .ifPresent(setting -> job.put(JobKey.CHECKPOINTING_EVERY, setting));
    how.flatMap(setting -> setting.at("offload"))
        .filter(setting -> on && setting.bool())
        .ifPresent(setting -> job.put(JobKey.CHECKPOINTING, Checkpointing.OFFLOADED, setting));
  }

  /** Unsloth's word for its own, in settings of a program that trains by it. */
  public static boolean isUnsloth(Setting coverage) {
    return "unsloth".equals(coverage.node().value());
  }

  /** All of Liger's kernels, with its loss where the stage has one. */
  public void liger(Setting setting, boolean withLoss) {
    job.put(JobKey.LIGER_KERNELS, Arrays.asList(LigerKernel.values()), setting);
    if (withLoss) {
      job.put(JobKey.LOSS, LossKernel.LIGER, setting);
    }
  }

  private void optimizer() {
    Optional<Setting> named = job.get("optim");
    if (named.isPresent()) {
      Optimizers.read(job, named.get());
    } else if (job.isOn("adafactor")) {
      job.put(JobKey.OPTIMIZER_NAME, "adafactor", job.get("adafactor").orElseThrow());
    }
  }
}
