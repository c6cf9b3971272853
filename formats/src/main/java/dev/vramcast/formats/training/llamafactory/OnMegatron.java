package dev.vramcast.formats.training.llamafactory;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.megatron.Recomputation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * llamafactory/train/mca trains with mcore_adapter, on Megatron-Core: its arguments are in
 * mcore_adapter/training_args.py, whose defaults leave most of Megatron's own off.
 */
final class OnMegatron {

  private static final Map<String, JobKey> DEGREES = new LinkedHashMap<>();

  static {
    DEGREES.put("tensor_model_parallel_size", JobKey.TENSOR);
    DEGREES.put("pipeline_model_parallel_size", JobKey.PIPELINE);
    DEGREES.put("virtual_pipeline_model_parallel_size", JobKey.VIRTUAL_PIPELINE);
    DEGREES.put("context_parallel_size", JobKey.CONTEXT);
    DEGREES.put("expert_model_parallel_size", JobKey.EXPERT);
    DEGREES.put("expert_tensor_parallel_size", JobKey.EXPERT_TENSOR);
  }

  /** What is modelled as it is on. */
  private static final List<String> ON = List.of("bias_activation_fusion", "apply_rope_fusion");

  /** What is modelled as it is off or not there. */
  private static final List<String> OFF =
      List.of(
          "pipeline_model_parallel_layout",
          "account_for_embedding_in_pipeline_split",
          "account_for_loss_in_pipeline_split",
          "moe_layer_recompute",
          "moe_expert_capacity_factor",
          "cross_entropy_loss_fusion",
          "mtp_num_layers",
          "fp8",
          "fp16",
          "optimizer_cpu_offload",
          "additional_configs",
          "enable_liger_kernel");

  /** Keys of hparams/megatron_bridge_args.py that mcore_adapter does not have. */
  private static final List<String> BRIDGE =
      List.of(
          "mixed_precision",
          "use_packed_sequences",
          "megatron_pretrained_checkpoint",
          "export_hf_on_finish",
          "extra_config",
          "masked_softmax_fusion");

  private final JobBuilder job;

  OnMegatron(JobBuilder job) {
    this.job = job;
  }

  /** Whether the file has a key that the parser knows where {@code USE_MCA} is set alone. */
  static boolean is(JobBuilder job) {
    return DEGREES.keySet().stream().anyMatch(key -> job.get(key).isPresent());
  }

  /** Degrees, and the GPUs that they need where nobody says how many there are. */
  void spread() {
    job.put(JobKey.FRAMEWORK_NAME, "mcore-adapter");
    BRIDGE.stream()
        .filter(key -> job.get(key).isPresent())
        .findFirst()
        .ifPresent(
            key ->
                job.notModelled(
                    JobKey.STRATEGY,
                    Gap.of(key, " of LLaMA-Factory's Megatron-Bridge")
                        .needs("what its providers set where nothing is said")));
    job.put(JobKey.STRATEGY, "megatron");
    DEGREES.forEach((path, key) -> job.reads(List.of(key), () -> job.takeWay(path, key)));
    boolean both = job.divides(JobKey.TENSOR) && job.divides(JobKey.EXPERT);
    if (both || job.divides(JobKey.TENSOR) && job.isOn("sequence_parallel")) {
      job.put(JobKey.SEQUENCE_PARALLEL, true, JobKey.TENSOR);
    }
    if (!job.has(JobKey.GPU_COUNT)) {
      int least = (int) Math.min(1_000_000, least());
      job.put(JobKey.GPU_COUNT, least);
      job.say(
          FindingCode.ASSUMED,
          "nproc_per_node",
          "how many GPUs there are is not said, so the "
              + least
              + " that the degrees need are assumed");
    }
    job.reads(List.of(JobKey.REPLICATE), this::states);
  }

  private long least() {
    long dense = job.product(List.of(JobKey.TENSOR, JobKey.CONTEXT));
    long sparse = job.product(List.of(JobKey.EXPERT, JobKey.EXPERT_TENSOR));
    return Math.max(dense, sparse) * job.whole(JobKey.PIPELINE).orElse(1);
  }

  /** Without the distributed optimizer every rank has all states. */
  private void states() {
    long apart = job.product(List.of(JobKey.TENSOR, JobKey.PIPELINE, JobKey.CONTEXT));
    int count = job.whole(JobKey.GPU_COUNT).orElse(1);
    if (job.isOn("use_distributed_optimizer") || count <= apart || count % apart != 0) {
      return;
    }
    if (job.divides(JobKey.CONTEXT)) {
      missing(Gap.of("context_parallel_size without use_distributed_optimizer"));
    }
    job.put(JobKey.SHARD, 1);
    job.put(JobKey.REPLICATE, (int) (count / apart));
  }

  /** What the Trainer's own keys mean on Megatron. */
  void read() {
    job.reads(List.of(JobKey.PRECISION), this::precision);
    job.reads(List.of(JobKey.CHECKPOINTING), this::recompute);
    job.put(JobKey.ATTENTION, "flash");
    job.put(JobKey.OPTIMIZER_NAME, "adamw");
    checks();
  }

  private void precision() {
    String name = job.isOn("bf16") ? "bf16" : "fp32";
    job.get("bf16")
        .ifPresentOrElse(
            on -> job.put(JobKey.PRECISION, name, on), () -> job.put(JobKey.PRECISION, name));
    job.put(JobKey.MODEL_DTYPE, name, JobKey.PRECISION);
    job.get("accumulate_allreduce_grads_in_fp32")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.REDUCE_DTYPE, "fp32", on));
  }

  private void recompute() {
    Optional<Setting> granularity = job.get("recompute_granularity");
    String word = granularity.map(Setting::word).orElse("none");
    switch (word) {
      case "full", "selective", "none" -> job.put(JobKey.CHECKPOINTING, word);
      default -> throw granularity.orElseThrow().unusable("full, selective");
    }
    Recomputation.read(job, word, "mcore_adapter's");
  }

  private void checks() {
    ON.stream()
        .filter(key -> !job.isOn(key))
        .findFirst()
        .ifPresent(key -> missing(Gap.of(key, " that is not on").modelled(key, " true")));
    OFF.stream()
        .flatMap(key -> job.get(key).filter(set -> !set.isIdle()).stream())
        .findFirst()
        .ifPresent(this::otherwise);
    Stream.of("optimizer", "transformer_impl")
        .flatMap(key -> job.get(key).stream())
        .filter(set -> !List.of("adam", "transformer_engine").contains(set.word()))
        .findFirst()
        .ifPresent(this::otherwise);
    if (job.divides(JobKey.EXPERT)) {
      experts();
    }
    boolean whole = job.is(JobKey.METHOD, "full");
    boolean words = job.is(JobKey.STAGE, "sft") || job.is(JobKey.STAGE, "pretrain");
    if (!whole || job.has(JobKey.STAGE) && !words) {
      missing(Gap.of("a stage or method other than sft, pt and full").modelled("those"));
    }
  }

  private void experts() {
    if (!job.isOn("moe_grouped_gemm")) {
      missing(Gap.of("moe_grouped_gemm that is not on").modelled("moe_grouped_gemm true"));
    }
    String way = job.get("moe_token_dispatcher_type").map(Setting::word).orElse("allgather");
    if (!way.equals("alltoall")) {
      missing(Gap.of("moe_token_dispatcher_type ", way).modelled("alltoall"));
    }
  }

  private void otherwise(Setting set) {
    missing(Gap.of(set.key(), " ", set.shown()));
  }

  private void missing(Gap gap) {
    job.notModelled(JobKey.STRATEGY, gap.and(" of mcore_adapter"));
  }
}
