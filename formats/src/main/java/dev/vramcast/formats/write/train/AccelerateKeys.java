package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.write.WrittenFile;
import java.util.List;

/** A configuration of {@code accelerate launch}: accelerate/commands/config/config_args.py 1.15. */
public final class AccelerateKeys {

  private final JobCoverage coverage;
  private final Parallelism spread;
  private final OutputKeys output = new OutputKeys();

  private AccelerateKeys(JobCoverage coverage) {
    this.coverage = coverage;
    this.spread = coverage.job().parallelism();
  }

  public static WrittenFile of(JobCoverage coverage, String name) {
    return new AccelerateKeys(coverage).file(name);
  }

  /** Whether the strategy divides parameters or what belongs to them. */
  public static boolean shards(ResolvedJob job) {
    return switch (job.parallelism().strategy()) {
      case NONE, DDP -> false;
      case FSDP1, FSDP2, ZERO1, ZERO2, ZERO3, MEGATRON -> true;
    };
  }

  private WrittenFile file(String name) {
    output.put("compute_environment", "LOCAL_MACHINE");
    output.put("distributed_type", type());
    output.put("mixed_precision", precision(coverage.precision()));
    output.put("num_machines", spread.nodes());
    output.put("num_processes", spread.gpus());
    output.put("machine_rank", 0);
    if (shards(coverage.job())) {
      coverage.says(JobKey.STRATEGY, JobKey.SHARD);
    }
    switch (spread.strategy()) {
      case FSDP1, FSDP2 -> fsdp();
      case ZERO1, ZERO2, ZERO3 -> zero();
      case NONE, DDP, MEGATRON -> {}
    }
    degrees();
    return output.yaml(name);
  }

  private String type() {
    return switch (spread.strategy()) {
      case NONE -> "NO";
      case DDP -> "MULTI_GPU";
      case FSDP1, FSDP2 -> "FSDP";
      case ZERO1, ZERO2, ZERO3 -> "DEEPSPEED";
      case MEGATRON ->
          throw coverage.refusal(JobKey.STRATEGY, "none, ddp, fsdp1, fsdp2, zero1, zero2, zero3");
    };
  }

  private static String precision(Precision precision) {
    return switch (precision) {
      case BF16_MIXED -> "bf16";
      case FP16_MIXED -> "fp16";
      case FP32, BF16, FP16 -> "no";
    };
  }

  private void fsdp() {
    boolean second = spread.strategy() == Strategy.FSDP2;
    boolean offload = spread.offload().contains(OffloadTarget.PARAMETERS);
    output.put("fsdp_config.fsdp_version", second ? 2 : 1);
    // The Trainer checkpoints, and refuses to do so together with FSDP.
    output.put("fsdp_config.fsdp_activation_checkpointing", false);
    output.put("fsdp_config.fsdp_auto_wrap_policy", "TRANSFORMER_BASED_WRAP");
    coverage
        .layers()
        .ifPresent(each -> output.put("fsdp_config.fsdp_transformer_layer_cls_to_wrap", each));
    output.put(
        "fsdp_config.fsdp_cpu_ram_efficient_loading", firstLoads(!Adapter.isFourBit(coverage)));
    output.put("fsdp_config.fsdp_offload_params", offload);
    if (second) {
      output.put("fsdp_config.fsdp_reshard_after_forward", spread.reshardAfterForward());
    } else {
      output.put(
          "fsdp_config.fsdp_sharding_strategy",
          spread.reshardAfterForward() ? "FULL_SHARD" : "SHARD_GRAD_OP");
      output.put("fsdp_config.fsdp_use_orig_params", true);
    }
    output.put("fsdp_config.fsdp_state_dict_type", "FULL_STATE_DICT");
    coverage.says(JobKey.RESHARD_AFTER_FORWARD);
    coverage.settles(JobKey.OFFLOAD, offload ? List.of(OffloadTarget.PARAMETERS) : List.of());
  }

  private boolean firstLoads(boolean usually) {
    coverage.says(JobKey.FIRST_RANK_LOADS);
    return coverage.job().machine().firstRankLoads().orElse(usually);
  }

  /** Transformers makes no quantised model so, whatever is said. */
  private boolean madeDivided() {
    return spread.madeDivided() || !coverage.job().quantization().isNone();
  }

  private void zero() {
    boolean third = spread.strategy() == Strategy.ZERO3;
    boolean optimizer = spread.offload().contains(OffloadTarget.OPTIMIZER);
    boolean parameters = third && spread.offload().contains(OffloadTarget.PARAMETERS);
    if (optimizer) {
      ZeroFile.checkOptimizer(coverage);
    }
    output.put("deepspeed_config.zero_stage", ZeroFile.stage(spread.strategy()));
    output.put("deepspeed_config.gradient_accumulation_steps", ZeroFile.AUTO);
    coverage.settles(JobKey.ZERO_SIZES, "default");
    if (third) {
      coverage.settles(JobKey.ZERO_INIT, madeDivided());
      output.put("deepspeed_config.zero3_init_flag", madeDivided());
      output.put("deepspeed_config.zero3_save_16bit_model", true);
    }
    output.put("deepspeed_config.offload_optimizer_device", optimizer ? "cpu" : "none");
    output.put("deepspeed_config.offload_param_device", parameters ? "cpu" : "none");
    coverage.settles(JobKey.OFFLOAD, ZeroFile.kept(optimizer, parameters));
  }

  /** Degrees beside data parallelism exist on FSDP2 alone; ParallelismConfig. */
  private void degrees() {
    if (spread.strategy() != Strategy.FSDP2
        || spread.replicate() * spread.tensor() * spread.context() == 1) {
      return;
    }
    way("dp_shard_size", JobKey.SHARD, spread.shard());
    way("dp_replicate_size", JobKey.REPLICATE, spread.replicate());
    way("tp_size", JobKey.TENSOR, spread.tensor());
    way("cp_size", JobKey.CONTEXT, spread.context());
  }

  private void way(String key, JobKey way, int size) {
    output.put("parallelism_config.parallelism_config_" + key, size);
    coverage.says(way);
  }
}
