package dev.vramcast.formats.training.torchtitan;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.RotateMethod;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code torchtitan/distributed/parallel_dims.py}: degrees, whose product is all GPUs. */
final class Parallel {

  /** {@code NGPU} of run_train.sh. */
  private static final int USUAL = 8;

  private static final Map<String, JobKey> DEGREES = new LinkedHashMap<>();

  static {
    DEGREES.put("parallelism.data_parallel_replicate_degree", JobKey.REPLICATE);
    DEGREES.put("parallelism.data_parallel_shard_degree", JobKey.SHARD);
    DEGREES.put("parallelism.tensor_parallel_degree", JobKey.TENSOR);
    DEGREES.put("parallelism.pipeline_parallel_degree", JobKey.PIPELINE);
    DEGREES.put("parallelism.context_parallel_degree", JobKey.CONTEXT);
  }

  private final JobBuilder job;
  private final TrainingFile file;

  Parallel(JobBuilder job, TrainingFile file) {
    this.job = job;
    this.file = file;
  }

  void read() {
    new LauncherOptions(job, file).read();
    DEGREES.forEach((path, key) -> job.reads(List.of(key), () -> job.takeWay(path, key)));
    job.reads(
        List.of(JobKey.SEQUENCE_SCHEME),
        () -> RotateMethod.take(job, job.get("parallelism.context_parallel_rotate_method")));
    job.reads(
        List.of(JobKey.EXPERT),
        () -> job.takeWay("parallelism.expert_parallel_degree", JobKey.EXPERT));
    if (job.whole(JobKey.TENSOR).orElse(1) > 1) {
      // models/llama3/infra/parallelize.py apply_tp shards norms by the sequence.
      job.put(JobKey.SEQUENCE_PARALLEL, true, JobKey.TENSOR);
    }
    job.reads(List.of(JobKey.GPU_COUNT), this::count);
    job.reads(List.of(JobKey.RESHARD_AFTER_FORWARD), this::reshard);
    job.get("training.enable_cpu_offload")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.OFFLOAD, List.of("parameters", "optimizer"), on));
  }

  private void count() {
    if (job.has(JobKey.GPU_COUNT)) {
      return;
    }
    long product = job.product(DEGREES.values());
    if (job.has(JobKey.SHARD)) {
      job.put(JobKey.GPU_COUNT, (int) product, JobKey.SHARD);
      return;
    }
    int gpus = (int) Math.max(USUAL, product);
    job.put(JobKey.GPU_COUNT, gpus);
    job.say(
        FindingCode.ASSUMED,
        "NGPU",
        "how many GPUs there are is not said, so " + gpus + " are assumed, as run_train.sh does");
  }

  /** {@code default} keeps parameters under a pipeline (distributed/utils or parallelize.py). */
  private void reshard() {
    Optional<Setting> policy = job.get("parallelism.fsdp_reshard_after_forward");
    String word = policy.map(Setting::word).orElse("default");
    boolean pipelined = job.whole(JobKey.PIPELINE).orElse(1) > 1;
    switch (word) {
      case "always" -> job.put(JobKey.RESHARD_AFTER_FORWARD, true, policy.orElseThrow());
      case "never" -> job.put(JobKey.RESHARD_AFTER_FORWARD, false, policy.orElseThrow());
      case "default" -> {
        if (pipelined) {
          job.put(JobKey.RESHARD_AFTER_FORWARD, false, JobKey.PIPELINE);
        }
      }
      default -> throw policy.orElseThrow().unusable("default, always, never");
    }
  }
}
