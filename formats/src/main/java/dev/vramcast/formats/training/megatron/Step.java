package dev.vramcast.formats.training.megatron;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.Dtypes;
import java.util.List;
import java.util.Optional;

/** One step: megatron/training/arguments.py and its dataclasses. */
final class Step {

  private final JobBuilder job;

  Step(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.take("micro_batch_size", JobKey.MICRO_BATCH);
    job.reads(List.of(JobKey.GRAD_ACCUM), this::accumulation);
    job.take("seq_length", JobKey.SEQUENCE_LENGTH);
    // Rows are as long as seq_length: megatron/core/datasets/gpt_dataset.py cuts documents that
    // stand one behind the other, megatron/training/datasets/sft_dataset.py fills them up.
    job.put(JobKey.PADDING, Padding.PADDED);
    job.reads(List.of(JobKey.PRECISION), this::precision);
    job.reads(List.of(JobKey.CHECKPOINTING), this::recompute);
    job.reads(List.of(JobKey.ATTENTION), this::attention);
    job.reads(List.of(JobKey.LOSS, JobKey.COMPILE), this::loss);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    job.reads(
        List.of(JobKey.EPOCHS),
        () ->
            job.get("train_iters")
                .ifPresentOrElse(
                    each -> job.put(JobKey.STEPS, each),
                    () -> job.take("train_samples", JobKey.EXAMPLES)));
  }

  /** Where no batch of all GPUs is given, it is one micro-batch on each rank of data. */
  private void accumulation() {
    Optional<Setting> global = job.get("global_batch_size");
    if (global.isEmpty()) {
      job.put(JobKey.GRAD_ACCUM, 1);
      return;
    }
    long apart = job.product(List.of(JobKey.TENSOR, JobKey.PIPELINE, JobKey.CONTEXT));
    long data = Math.max(1, job.whole(JobKey.GPU_COUNT).orElse(1) / Math.max(1, apart));
    long each = data * job.whole(JobKey.MICRO_BATCH, "micro_batch_size");
    long steps = global.get().whole() / Math.max(1, each);
    if (steps < 1 || steps * each != global.get().whole()) {
      throw global.get().unusable("a multiple of micro_batch_size times ranks of data: " + each);
    }
    job.put(JobKey.GRAD_ACCUM, (int) Math.min(1_000_000, steps), global.get());
  }

  private void precision() {
    String name = job.isOn("bf16") ? "bf16" : job.isOn("fp16") ? "fp16" : "fp32";
    Optional<Setting> at = job.get("bf16").or(() -> job.get("fp16"));
    at.ifPresentOrElse(
        setting -> job.put(JobKey.PRECISION, name, setting), () -> job.put(JobKey.PRECISION, name));
    job.put(JobKey.MODEL_DTYPE, name);
    NarrowRecipe.read(job, job.any("fp8_format", "fp8"));
    boolean narrow =
        job.isOn("grad_reduce_in_bf16") || job.isOff("accumulate_allreduce_grads_in_fp32");
    // arguments.py switches fp32 gradients on for bf16 alone.
    boolean half = name.equals("fp16") && !job.isOn("accumulate_allreduce_grads_in_fp32");
    if (half || narrow && name.equals("bf16")) {
      job.put(JobKey.REDUCE_DTYPE, name);
    }
  }

  private void recompute() {
    Optional<Setting> granularity = job.get("recompute_granularity");
    boolean selective = job.isOn("recompute_activations");
    String word = granularity.map(Setting::word).orElse(selective ? "selective" : "none");
    switch (word) {
      case "full", "selective", "none" -> job.put(JobKey.CHECKPOINTING, word);
      default -> throw granularity.orElseThrow().unusable("full, selective");
    }
    Recomputation.read(job, word, "Megatron-LM's");
  }

  private void attention() {
    Optional<Setting> backend = job.get("attention_backend");
    if (backend.filter(b -> b.word().matches("(?:attnbackend\\.)?(?:unfused|local)")).isPresent()) {
      job.notModelled(
          JobKey.ATTENTION, backend.get(), Gap.of("attention_backend ", backend.get().shown()));
    }
    job.put(JobKey.ATTENTION, "flash");
  }

  /** Megatron's own fusion is its usual loss, compiled; TransformerEngine's is in place. */
  private void loss() {
    boolean theirs =
        job.get("cross_entropy_fusion_impl").filter(way -> way.word().equals("te")).isPresent();
    job.get("cross_entropy_loss_fusion")
        .filter(Setting::bool)
        .ifPresent(
            fuses -> {
              if (theirs) {
                job.put(JobKey.LOSS, "triton", fuses);
              } else {
                job.put(JobKey.COMPILE, true, fuses);
              }
            });
    if (job.isOn("defer_embedding_wgrad_compute")) {
      job.notModelled(JobKey.LOSS, Gap.of("Megatron-LM's defer_embedding_wgrad_compute"));
    }
  }

  private void optimizer() {
    Dtypes.countedInFp32(
        job, "main_grads_dtype", "main_params_dtype", "exp_avg_dtype", "exp_avg_sq_dtype");
    Optional<Setting> named = job.get("optimizer");
    String name = named.map(Setting::word).orElse("adam");
    if (name.equals("adam") || name.equals("sgd")) {
      job.put(JobKey.OPTIMIZER_NAME, name.equals("sgd") ? "sgd" : "adamw");
    } else {
      job.notModelled(JobKey.OPTIMIZER_NAME, Gap.of("Megatron-LM's optimizer ", name));
    }
    List.of("optimizer_cpu_offload", "cpu_offloading", "use_precision_aware_optimizer").stream()
        .filter(job::isOn)
        .findFirst()
        .ifPresent(key -> job.notModelled(JobKey.OFFLOAD, Gap.of("Megatron-LM's ", key)));
  }
}
