package dev.vramcast.formats.training.swift;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.megatron.NarrowRecipe;
import dev.vramcast.formats.training.megatron.Recomputation;
import dev.vramcast.formats.training.megatron.WholeStates;
import dev.vramcast.formats.training.trainer.Dtypes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Megatron-SWIFT: {@code swift/megatron/arguments/megatron_args.py}. */
final class Megatron {

  private static final Map<String, JobKey> DEGREES =
      Map.of(
          "tensor_model_parallel_size", JobKey.TENSOR,
          "pipeline_model_parallel_size", JobKey.PIPELINE,
          "context_parallel_size", JobKey.CONTEXT,
          "expert_model_parallel_size", JobKey.EXPERT,
          "virtual_pipeline_model_parallel_size", JobKey.VIRTUAL_PIPELINE);

  /** The default of {@code global_batch_size}. */
  private static final int GLOBAL_BATCH = 16;

  private final JobBuilder job;

  Megatron(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.put(JobKey.FRAMEWORK_NAME, "megatron-swift");
    DEGREES.forEach(this::way);
    job.take("expert_tensor_parallel_size", JobKey.EXPERT_TENSOR);
    job.take("micro_batch_size", JobKey.MICRO_BATCH);
    job.take("sequence_parallel", JobKey.SEQUENCE_PARALLEL);
    job.reads(List.of(JobKey.GRAD_ACCUM), this::accumulation);
    job.reads(List.of(JobKey.CHECKPOINTING), this::recompute);
    job.reads(List.of(JobKey.ATTENTION), this::attention);
    job.reads(List.of(JobKey.LOSS), this::loss);
    NarrowRecipe.read(job, job.get("fp8_format"));
    job.reads(List.of(JobKey.OFFLOAD), this::offload);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    job.reads(List.of(JobKey.EPOCHS), this::length);
    Step.rows(job);
    if (!job.has(JobKey.GPU_COUNT)) {
      experts();
      job.assume(
          JobKey.GPU_COUNT,
          "how many GPUs there are is not said, so as many as the degrees of parallelism need are"
              + " assumed; ",
          JobKey.GPU_COUNT,
          " says how many");
    }
    WholeStates.read(job, "use_distributed_optimizer");
  }

  /**
   * {@code steps_per_generation} counts steps of the optimizer here (megatron_args.py
   * resolve_generation_batch_size), of which each has all micro-batches.
   */
  void rounds() {
    int steps = job.whole(JobKey.GRAD_ACCUM).orElse(1);
    Optional<Setting> given = job.get("steps_per_generation");
    Optional<Setting> batch = job.get("generation_batch_size");
    if (given.isPresent()) {
      int times = given.get().whole();
      if (times < 1) {
        throw given.get().unusable("1 or more");
      }
      job.put(JobKey.STEPS_PER_GENERATION, given.get().times(steps), given.get());
    } else if (batch.isPresent()) {
      int global = job.get("global_batch_size").map(Setting::whole).orElse(GLOBAL_BATCH);
      long times = Math.max(1, batch.get().whole() / Math.max(1, global));
      job.put(
          JobKey.STEPS_PER_GENERATION,
          (int) Math.min(Integer.MAX_VALUE, steps * times),
          batch.get());
    }
  }

  /** Experts are spread over all GPUs of a pipeline stage (megatron/core/parallel_state.py). */
  private void experts() {
    if (sparse() > dense()) {
      job.put(JobKey.GPU_COUNT, needed(), job.get("expert_model_parallel_size").orElseThrow());
    }
  }

  /** The GPUs that the degrees of parallelism ask for. */
  private int needed() {
    long stage = Math.max(dense(), sparse());
    return (int) Math.min(1_000_000, stage * size("pipeline_model_parallel_size"));
  }

  private long dense() {
    return (long) size("tensor_model_parallel_size") * size("context_parallel_size");
  }

  private long sparse() {
    return (long) size("expert_model_parallel_size") * size("expert_tensor_parallel_size");
  }

  private void way(String path, JobKey key) {
    job.reads(
        List.of(key),
        () ->
            job.get(path)
                .filter(setting -> setting.whole() > 1)
                .ifPresent(setting -> job.put(key, setting)));
  }

  /** The batch of all GPUs over the micro-batches of those that hold different data. */
  private void accumulation() {
    Optional<Setting> global = job.get("global_batch_size");
    int micro = size("micro_batch_size");
    long apart =
        (long) size("tensor_model_parallel_size")
            * size("pipeline_model_parallel_size")
            * size("context_parallel_size");
    long data = Math.max(1, job.whole(JobKey.GPU_COUNT).orElse(needed()) / Math.max(1, apart));
    long steps = global.map(Setting::whole).orElse(GLOBAL_BATCH) / data / micro;
    int count = (int) Math.max(1, Math.min(1_000_000, steps));
    global.ifPresentOrElse(
        setting -> job.put(JobKey.GRAD_ACCUM, count, setting),
        () -> job.put(JobKey.GRAD_ACCUM, count));
  }

  private int size(String path) {
    return Math.max(1, job.get(path).map(Setting::whole).orElse(1));
  }

  private void recompute() {
    if (job.isNull("recompute_granularity")) {
      // Its word for nothing is one of the three (swift/megatron/arguments/megatron_args.py).
      job.put(JobKey.CHECKPOINTING, "none");
      return;
    }
    Optional<Setting> granularity = job.get("recompute_granularity");
    String word = granularity.map(Setting::word).orElse("selective");
    Recomputation.read(job, word, "Megatron's");
    switch (word) {
      case "full" -> job.put(JobKey.CHECKPOINTING, "full", granularity.orElseThrow());
      case "selective" ->
          granularity.ifPresentOrElse(
              setting -> job.put(JobKey.CHECKPOINTING, "selective", setting),
              () -> job.put(JobKey.CHECKPOINTING, "selective"));
      default -> throw granularity.orElseThrow().unusable("full, selective, none");
    }
  }

  private void attention() {
    Optional<Setting> backend = job.get("attention_backend");
    if (backend.isPresent()) {
      // fused and auto keep what flash does; local computes all scores (core/transformer/enums.py).
      boolean unfused = backend.get().word().matches("unfused|local");
      job.put(JobKey.ATTENTION, unfused ? "sdpa" : "flash", backend.get());
      if (unfused) {
        job.say(
            FindingCode.NOT_COUNTED,
            backend.get(),
            "attention_backend is " + backend.get().word(),
            ", whose scores of sequence² are not counted");
      }
    }
  }

  /**
   * Megatron's own fusion keeps what its usual loss does; TransformerEngine's is in place. Which
   * one runs where the file is silent is a matter of the release.
   */
  private void loss() {
    if (job.get("task_type").filter(type -> !type.word().equals("causal_lm")).isPresent()) {
      return;
    }
    Optional<Setting> way = job.get("cross_entropy_fusion_impl");
    if (job.isOff("cross_entropy_loss_fusion")) {
      job.put(JobKey.LOSS, "full", job.get("cross_entropy_loss_fusion").orElseThrow());
    } else if (way.isPresent()) {
      job.put(JobKey.LOSS, way.get().word().equals("te") ? "triton" : "full", way.get());
    }
  }

  private void offload() {
    Dtypes.countedInFp32(
        job, "main_grads_dtype", "main_params_dtype", "exp_avg_dtype", "exp_avg_sq_dtype");
    if (job.isOn("optimizer_cpu_offload")) {
      job.put(JobKey.OFFLOAD, List.of("optimizer"), job.get("optimizer_cpu_offload").orElseThrow());
    }
  }

  private void optimizer() {
    Optional<Setting> named = job.get("optimizer");
    if (named.isEmpty()) {
      return;
    }
    String name = named.get().word();
    boolean known = name.equals("adam") || name.equals("sgd");
    if (known) {
      job.put(JobKey.OPTIMIZER_NAME, name.equals("sgd") ? "sgd" : "adamw", named.get());
    } else {
      job.notModelled(
          JobKey.OPTIMIZER_NAME, Gap.of("Megatron's optimizer ", name).modelled("adam, sgd"));
    }
  }

  private void length() {
    Optional<Setting> steps =
        job.get("train_iters").filter(setting -> setting.number().signum() > 0);
    if (steps.isPresent()) {
      job.put(JobKey.STEPS, steps.get());
    } else {
      job.get("num_train_epochs")
          .or(() -> job.get("max_epochs"))
          .ifPresent(epochs -> job.put(JobKey.EPOCHS, epochs));
    }
  }
}
