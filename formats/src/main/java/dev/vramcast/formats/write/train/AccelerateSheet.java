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
public final class AccelerateSheet {

  private final Said said;
  private final Parallelism spread;
  private final Sheet sheet = new Sheet();

  private AccelerateSheet(Said said) {
    this.said = said;
    this.spread = said.job().parallelism();
  }

  public static WrittenFile of(Said said, String name) {
    return new AccelerateSheet(said).file(name);
  }

  /** Whether the strategy divides parameters or what belongs to them. */
  public static boolean shards(ResolvedJob job) {
    return switch (job.parallelism().strategy()) {
      case NONE, DDP -> false;
      case FSDP1, FSDP2, ZERO1, ZERO2, ZERO3, MEGATRON -> true;
    };
  }

  private WrittenFile file(String name) {
    sheet.put("compute_environment", "LOCAL_MACHINE");
    sheet.put("distributed_type", type());
    sheet.put("mixed_precision", precision(said.precision()));
    sheet.put("num_machines", spread.nodes());
    sheet.put("num_processes", spread.gpus());
    sheet.put("machine_rank", 0);
    if (shards(said.job())) {
      said.says(JobKey.STRATEGY, JobKey.SHARD);
    }
    switch (spread.strategy()) {
      case FSDP1, FSDP2 -> fsdp();
      case ZERO1, ZERO2, ZERO3 -> zero();
      case NONE, DDP, MEGATRON -> {}
    }
    ways();
    return sheet.yaml(name);
  }

  private String type() {
    return switch (spread.strategy()) {
      case NONE -> "NO";
      case DDP -> "MULTI_GPU";
      case FSDP1, FSDP2 -> "FSDP";
      case ZERO1, ZERO2, ZERO3 -> "DEEPSPEED";
      case MEGATRON ->
          throw said.refusal(JobKey.STRATEGY, "none, ddp, fsdp1, fsdp2, zero1, zero2, zero3");
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
    sheet.put("fsdp_config.fsdp_version", second ? 2 : 1);
    // The Trainer checkpoints, and refuses to do so together with FSDP.
    sheet.put("fsdp_config.fsdp_activation_checkpointing", false);
    sheet.put("fsdp_config.fsdp_auto_wrap_policy", "TRANSFORMER_BASED_WRAP");
    sheet.put("fsdp_config.fsdp_cpu_ram_efficient_loading", !Adapter.isFourBit(said));
    sheet.put("fsdp_config.fsdp_offload_params", offload);
    if (second) {
      sheet.put("fsdp_config.fsdp_reshard_after_forward", spread.reshardAfterForward());
    } else {
      sheet.put(
          "fsdp_config.fsdp_sharding_strategy",
          spread.reshardAfterForward() ? "FULL_SHARD" : "SHARD_GRAD_OP");
      sheet.put("fsdp_config.fsdp_use_orig_params", true);
    }
    sheet.put("fsdp_config.fsdp_state_dict_type", "FULL_STATE_DICT");
    said.says(JobKey.RESHARD_AFTER_FORWARD);
    said.settles(JobKey.OFFLOAD, offload ? List.of(OffloadTarget.PARAMETERS) : List.of());
  }

  private void zero() {
    boolean third = spread.strategy() == Strategy.ZERO3;
    boolean optimizer = spread.offload().contains(OffloadTarget.OPTIMIZER);
    boolean parameters = third && spread.offload().contains(OffloadTarget.PARAMETERS);
    sheet.put("deepspeed_config.zero_stage", ZeroFile.stage(spread.strategy()));
    sheet.put("deepspeed_config.gradient_accumulation_steps", ZeroFile.AUTO);
    if (third) {
      sheet.put("deepspeed_config.zero3_init_flag", true);
      sheet.put("deepspeed_config.zero3_save_16bit_model", true);
    }
    sheet.put("deepspeed_config.offload_optimizer_device", optimizer ? "cpu" : "none");
    sheet.put("deepspeed_config.offload_param_device", parameters ? "cpu" : "none");
    said.settles(JobKey.OFFLOAD, ZeroFile.kept(optimizer, parameters));
  }

  /** Ways beside data parallelism exist on FSDP2 alone; ParallelismConfig. */
  private void ways() {
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
    sheet.put("parallelism_config.parallelism_config_" + key, size);
    said.says(way);
  }
}
