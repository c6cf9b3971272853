package dev.vramcast.formats.write.train.axolotl;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
import java.util.List;

/** How a job is spread over GPUs, in Axolotl's keys; ZeRO has a file of its own. */
final class AxolotlSpread {

  private AxolotlSpread() {}

  static void put(Said said, Sheet sheet) {
    Parallelism spread = said.job().parallelism();
    switch (spread.strategy()) {
      case NONE, DDP -> {}
      case FSDP1, FSDP2 -> sharded(said, sheet, spread);
      case ZERO1, ZERO2, ZERO3 -> throw new IllegalStateException("has a file of its own");
      case MEGATRON ->
          throw said.refusal(JobKey.STRATEGY, "none, ddp, fsdp1, fsdp2, zero1, zero2, zero3");
    }
    ways(said, sheet, spread);
  }

  private static void sharded(Said said, Sheet sheet, Parallelism spread) {
    boolean second = spread.strategy() == Strategy.FSDP2;
    boolean offload = spread.offload().contains(OffloadTarget.PARAMETERS);
    sheet.put("fsdp_version", second ? 2 : 1);
    sheet.put("fsdp_config.offload_params", offload);
    sheet.put("fsdp_config.auto_wrap_policy", "TRANSFORMER_BASED_WRAP");
    sheet.put("fsdp_config.state_dict_type", "FULL_STATE_DICT");
    // A quantised base cannot be loaded by one process for all: examples of qlora-fsdp.
    sheet.put("fsdp_config.cpu_ram_efficient_loading", !Adapter.isFourBit(said));
    if (second) {
      sheet.put("fsdp_config.reshard_after_forward", spread.reshardAfterForward());
    } else {
      sheet.put(
          "fsdp_config.reshard_after_forward",
          spread.reshardAfterForward() ? "FULL_SHARD" : "SHARD_GRAD_OP");
    }
    said.says(JobKey.STRATEGY, JobKey.RESHARD_AFTER_FORWARD);
    said.settles(JobKey.OFFLOAD, offload ? List.of(OffloadTarget.PARAMETERS) : List.of());
  }

  private static void ways(Said said, Sheet sheet, Parallelism spread) {
    if (spread.strategy() == Strategy.FSDP2) {
      way(said, sheet, "dp_shard_size", JobKey.SHARD, spread.shard());
      way(said, sheet, "dp_replicate_size", JobKey.REPLICATE, spread.replicate());
    }
    way(said, sheet, "tensor_parallel_size", JobKey.TENSOR, spread.tensor());
    way(said, sheet, "context_parallel_size", JobKey.CONTEXT, spread.context());
  }

  private static void way(Said said, Sheet sheet, String key, JobKey way, int size) {
    if (size > 1) {
      sheet.put(key, size);
      said.says(way);
    }
  }
}
