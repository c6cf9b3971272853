package dev.vramcast.formats.write.train.axolotl;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import java.util.List;

/** How a job is spread over GPUs, in Axolotl's keys; ZeRO has a file of its own. */
final class AxolotlSpread {

  private AxolotlSpread() {}

  static void put(JobCoverage coverage, OutputKeys output) {
    Parallelism spread = coverage.job().parallelism();
    switch (spread.strategy()) {
      case NONE, DDP -> {}
      case FSDP1, FSDP2 -> sharded(coverage, output, spread);
      case ZERO1, ZERO2, ZERO3 -> throw new IllegalStateException("has a file of its own");
      case MEGATRON ->
          throw coverage.refusal(JobKey.STRATEGY, "none, ddp, fsdp1, fsdp2, zero1, zero2, zero3");
    }
    degrees(coverage, output, spread);
  }

  private static void sharded(JobCoverage coverage, OutputKeys output, Parallelism spread) {
    boolean second = spread.strategy() == Strategy.FSDP2;
    boolean offload = spread.offload().contains(OffloadTarget.PARAMETERS);
    output.put("fsdp_version", second ? 2 : 1);
    output.put("fsdp_config.offload_params", offload);
    output.put("fsdp_config.auto_wrap_policy", "TRANSFORMER_BASED_WRAP");
    coverage
        .layers()
        .ifPresent(each -> output.put("fsdp_config.transformer_layer_cls_to_wrap", each));
    output.put("fsdp_config.state_dict_type", "FULL_STATE_DICT");
    // A quantised base cannot be loaded by one process for all: examples of qlora-fsdp.
    boolean first = !Adapter.isFourBit(coverage);
    output.put(
        "fsdp_config.cpu_ram_efficient_loading",
        coverage.job().machine().firstRankLoads().orElse(first));
    if (second) {
      output.put("fsdp_config.reshard_after_forward", spread.reshardAfterForward());
    } else {
      output.put(
          "fsdp_config.reshard_after_forward",
          spread.reshardAfterForward() ? "FULL_SHARD" : "SHARD_GRAD_OP");
    }
    coverage.says(JobKey.STRATEGY, JobKey.RESHARD_AFTER_FORWARD, JobKey.FIRST_RANK_LOADS);
    coverage.settles(JobKey.OFFLOAD, offload ? List.of(OffloadTarget.PARAMETERS) : List.of());
  }

  private static void degrees(JobCoverage coverage, OutputKeys output, Parallelism spread) {
    if (spread.strategy() == Strategy.FSDP2) {
      way(coverage, output, "dp_shard_size", JobKey.SHARD, spread.shard());
      way(coverage, output, "dp_replicate_size", JobKey.REPLICATE, spread.replicate());
    }
    way(coverage, output, "tensor_parallel_size", JobKey.TENSOR, spread.tensor());
    way(coverage, output, "context_parallel_size", JobKey.CONTEXT, spread.context());
  }

  private static void way(
      JobCoverage coverage, OutputKeys output, String key, JobKey way, int size) {
    if (size > 1) {
      output.put(key, size);
      coverage.says(way);
    }
  }
}
