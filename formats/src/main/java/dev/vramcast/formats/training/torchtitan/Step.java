package dev.vramcast.formats.training.torchtitan;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.Dtypes;
import dev.vramcast.formats.training.trainer.OptimizerClasses;
import dev.vramcast.formats.training.trainer.PipelineWords;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code torchtitan/config/job_config.py}: training, optimizer, activation_checkpoint, compile. */
final class Step {

  /** {@code training.local_batch_size} of job_config.py. */
  private static final int LOCAL_BATCH = 8;

  private static final String LESS_LAYERS = "_stage_less_layers";

  private final JobBuilder job;

  Step(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.take("training.seq_len", JobKey.SEQUENCE_LENGTH);
    job.take("training.local_batch_size", JobKey.MICRO_BATCH);
    if (job.divides(JobKey.PIPELINE)) {
      job.reads(List.of(JobKey.PIPELINE_MICRO_BATCHES, JobKey.MICRO_BATCH), this::microBatches);
      job.reads(List.of(JobKey.PIPELINE_SCHEDULE), this::schedule);
      job.reads(List.of(JobKey.LAYERS_PER_STAGE), this::stages);
    }
    job.reads(List.of(JobKey.GRAD_ACCUM), this::accumulation);
    job.reads(List.of(JobKey.CHECKPOINTING), this::checkpointing);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    job.reads(List.of(JobKey.COMPILE), this::compile);
    job.reads(List.of(JobKey.PRECISION), this::precision);
    job.reads(List.of(JobKey.TRAINING_SCHEME), this::converters);
    job.get("training.steps").ifPresent(each -> job.put(JobKey.STEPS, each));
  }

  /**
   * distributed/pipeline_parallel.py: a local batch is cut into micro-batches, of one row each
   * where nothing is said, which all go through the pipeline before the next.
   */
  private void microBatches() {
    Optional<Setting> each = job.get("parallelism.pipeline_parallel_microbatch_size");
    each.ifPresentOrElse(
        size -> job.put(JobKey.MICRO_BATCH, size),
        () -> job.put(JobKey.MICRO_BATCH, 1, JobKey.PIPELINE));
    int all = microBatchesOf(localBatch());
    job.put(JobKey.PIPELINE_MICRO_BATCHES, all, JobKey.PIPELINE);
    job.put(JobKey.GRAD_ACCUM, all, JobKey.PIPELINE);
    each.filter(size -> localBatch() % size.whole() != 0)
        .ifPresent(
            size ->
                job.say(
                    FindingCode.REFUSED,
                    size,
                    "pipeline_parallel_microbatch_size is refused unless local_batch_size, "
                        + localBatch()
                        + ", is a multiple of it"));
  }

  /** Rows that a rank of the data takes at once, which a pipeline cuts further. */
  private int localBatch() {
    return job.divides(JobKey.PIPELINE)
        ? Math.max(1, job.get("training.local_batch_size").map(Setting::whole).orElse(LOCAL_BATCH))
        : job.whole(JobKey.MICRO_BATCH).orElse(LOCAL_BATCH);
  }

  private int microBatchesOf(int rows) {
    return job.divides(JobKey.PIPELINE)
        ? Math.max(1, rows / job.whole(JobKey.MICRO_BATCH).orElse(1))
        : 1;
  }

  private void schedule() {
    PipelineWords.schedule(
        job,
        job.get("parallelism.pipeline_parallel_schedule"),
        job.get("parallelism.pipeline_parallel_schedule_csv"));
  }

  private void stages() {
    job.get("parallelism.pipeline_parallel_layers_per_stage")
        .ifPresent(size -> job.put(JobKey.LAYERS_PER_STAGE, List.of(size.whole()), size));
    Stream.of("first", "last")
        .flatMap(end -> job.get("parallelism.pipeline_parallel_" + end + LESS_LAYERS).stream())
        .filter(less -> less.whole() != 1)
        .forEach(less -> job.notModelled(JobKey.LAYERS_PER_STAGE, less, Gap.of(less.key())));
  }

  /** train.py: the global batch over what all data-parallel ranks take at once. */
  private void accumulation() {
    Optional<Setting> global =
        job.get("training.global_batch_size").filter(all -> all.number().signum() > 0);
    if (global.isEmpty()) {
      return;
    }
    long others = job.product(List.of(JobKey.TENSOR, JobKey.PIPELINE, JobKey.CONTEXT));
    long ranks = Math.max(1, job.whole(JobKey.GPU_COUNT).orElse(1) / others);
    int local = localBatch();
    long each = ranks * local;
    if (global.get().whole() % each != 0) {
      job.say(
          FindingCode.REFUSED,
          global.get(),
          "global_batch_size is refused unless it is a multiple of ranks times local_batch_size");
    }
    long steps = Math.max(1, global.get().whole() / each) * microBatchesOf(local);
    job.put(JobKey.GRAD_ACCUM, (int) Math.min(Integer.MAX_VALUE, steps), global.get());
  }

  private void checkpointing() {
    Optional<Setting> mode = job.get("activation_checkpoint.mode");
    if (job.isNull("activation_checkpoint.mode")) {
      // Its word for nothing is one of four, and selective where nothing is said (job_config.py).
      job.put(JobKey.CHECKPOINTING, "none");
      return;
    }
    if (mode.isEmpty()) {
      return;
    }
    switch (mode.get().word()) {
      case "full" -> job.put(JobKey.CHECKPOINTING, "full", mode.get());
      case "selective" -> selective(mode.get());
      case "memory_budget" -> {
        job.put(JobKey.CHECKPOINTING, "selective", mode.get());
        job.say(
            FindingCode.NOT_COUNTED,
            mode.get(),
            "memory_budget is counted as selective: what a compiler keeps is not known");
      }
      default -> throw mode.get().unusable("selective, full, memory_budget, none");
    }
  }

  /** A number checkpoints every so many layers, {@code op} the cheap operations of each. */
  private void selective(Setting mode) {
    Optional<Setting> option = job.get("activation_checkpoint.selective_ac_option");
    boolean operations = option.filter(each -> each.word().equals("op")).isPresent();
    job.put(JobKey.CHECKPOINTING, operations ? "selective" : "full", mode);
    if (!operations) {
      int every = option.map(Setting::whole).orElse(2);
      job.put(JobKey.CHECKPOINTING_EVERY, Math.max(1, every), option.orElse(mode));
    }
  }

  private void optimizer() {
    job.get("optimizer.name").ifPresent(name -> OptimizerClasses.read(job, name));
    job.get("optimizer.implementation")
        .filter(named -> !job.has(JobKey.OPTIMIZER_IMPLEMENTATION))
        .ifPresent(named -> job.put(JobKey.OPTIMIZER_IMPLEMENTATION, named.word(), named));
    job.get("optimizer.early_step_in_backward")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.OPTIMIZER_IN_BACKWARD, true, on));
  }

  private void compile() {
    job.get("compile.enable")
        .or(() -> job.get("training.compile"))
        .ifPresent(
            on -> {
              Optional<Setting> parts = job.get("compile.components");
              boolean model = parts.map(all -> all.words().contains("model")).orElse(true);
              job.put(JobKey.COMPILE, on.bool() && model, on);
            });
  }

  private void precision() {
    Dtypes.reduces(job, "training.mixed_precision_reduce");
    boolean narrow = isNarrow("training.dtype", false);
    boolean computes = isNarrow("training.mixed_precision_param", true);
    job.get("training.dtype")
        .or(() -> job.get("training.mixed_precision_param"))
        .ifPresent(
            dtype -> {
              job.put(JobKey.MODEL_DTYPE, narrow ? "bf16" : "fp32", dtype);
              job.put(JobKey.PRECISION, narrow ? "bf16" : computes ? "bf16-mixed" : "fp32", dtype);
            });
  }

  private boolean isNarrow(String path, boolean otherwise) {
    return job.get(path)
        .map(dtype -> dtype.word().toLowerCase(Locale.ROOT).startsWith("bf"))
        .orElse(otherwise);
  }

  /** {@code float8}, {@code mx} and {@code quantize.*} compute layers in fewer bits. */
  private void converters() {
    job.get("model.converters")
        .filter(all -> !all.words().isEmpty())
        .ifPresent(
            all ->
                job.put(
                    JobKey.TRAINING_SCHEME,
                    all.words().stream().anyMatch(word -> word.contains("mx")) ? "mxfp8" : "fp8",
                    all));
  }
}
