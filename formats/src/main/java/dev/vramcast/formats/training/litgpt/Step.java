package dev.vramcast.formats.training.litgpt;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.run.RunLength;
import dev.vramcast.formats.training.trainer.OptimizerClasses;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;

/** Precision, batches and lengths: {@code litgpt/args.py} TrainArgs. */
final class Step {

  /** litgpt/finetune/lora.py and its sisters. */
  private static final RunLength RUN = new RunLength("train.epochs", 5);

  /** litgpt/pretrain.py, which refuses epochs. */
  private static final long PRETRAINED = 3_000_000_000_000L;

  private final JobBuilder job;
  private final boolean pretrains;

  Step(JobBuilder job, boolean pretrains) {
    this.job = job;
    this.pretrains = pretrains;
  }

  void read() {
    job.reads(List.of(JobKey.PRECISION), this::precision);
    job.reads(List.of(JobKey.GRAD_ACCUM), this::accumulation);
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), this::length);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    job.reads(List.of(JobKey.EPOCHS), this::run);
  }

  private void precision() {
    Optional<Setting> named = job.get("precision");
    if (named.isEmpty()) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "precision",
          "precision is missing: LitGPT takes bf16-mixed, whose weights are fp32");
      return;
    }
    String precision =
        switch (named.get().word()) {
          case "bf16-true" -> "bf16";
          case "16-true" -> "fp16";
          case "32-true", "32" -> "fp32";
          case "bf16-mixed" -> "bf16-mixed";
          case "16-mixed" -> "fp16-mixed";
          default ->
              throw named.get().unusable("bf16-true, bf16-mixed, 16-true, 16-mixed, 32-true");
        };
    job.put(JobKey.PRECISION, precision, named.get());
  }

  private void accumulation() {
    Optional<Setting> global = job.get("train.global_batch_size");
    if (global.isEmpty()) {
      return;
    }
    int micro = Math.max(1, job.whole(JobKey.MICRO_BATCH, "train.micro_batch_size"));
    int devices =
        Math.max(
            1,
            job.get("devices")
                .filter(value -> !value.shown().equals("auto"))
                .map(Setting::whole)
                .orElse(1));
    int nodes = Math.max(1, job.get("num_nodes").map(Setting::whole).orElse(1));
    long degrees =
        job.given(JobKey.GPU_COUNT)
            .map(Integer::longValue)
            .orElse(Math.min(1_000_000, (long) devices * nodes));
    long steps = global.get().whole() / degrees / micro;
    if (steps * degrees * micro != global.get().whole()) {
      job.say(
          FindingCode.REFUSED,
          global.get(),
          "train.global_batch_size is refused unless it is a multiple of devices times"
              + " micro_batch_size");
    }
    job.put(JobKey.GRAD_ACCUM, (int) Math.max(1, steps), global.get());
  }

  private void length() {
    job.get("train.max_seq_length")
        .ifPresentOrElse(
            setting -> job.put(JobKey.SEQUENCE_LENGTH, setting),
            () ->
                job.openLength(
                    "train.max_seq_length is not set, so examples are not cut and the longest"
                        + " decides"));
  }

  private void optimizer() {
    Optional<Setting> named = job.get("optimizer");
    if (named.isEmpty()) {
      return;
    }
    Setting path =
        named.get().node() instanceof Node.Fields
            ? named.get().at("class_path").orElse(named.get())
            : named.get();
    if (job.has(JobKey.QUANTIZATION_SCHEME)) {
      // litgpt/utils.py instantiate_bnb_optimizer puts PagedAdamW in its place.
      job.put(JobKey.OPTIMIZER_NAME, "paged-adamw", path);
    } else {
      OptimizerClasses.read(job, path);
    }
  }

  private void run() {
    Optional<Setting> steps = job.get("train.max_steps").filter(Step::isAmount);
    Optional<Setting> tokens = job.get("train.max_tokens").filter(Step::isAmount);
    if (steps.isPresent()) {
      job.put(JobKey.STEPS, steps.get());
    } else if (tokens.isPresent()) {
      job.put(JobKey.TOKENS, tokens.get());
    } else if (pretrains) {
      job.put(JobKey.TOKENS, PRETRAINED);
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "train.max_tokens",
          "train.max_tokens is missing: litgpt pretrain takes 3 trillion");
    } else {
      RUN.epochs(job);
    }
  }

  private static boolean isAmount(Setting setting) {
    return setting.number().signum() > 0;
  }
}
