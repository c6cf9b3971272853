package dev.tunefit.formats.write.train;

import dev.tunefit.core.job.Checkpointing;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.job.OffloadTarget;
import dev.tunefit.core.job.Parallelism;
import dev.tunefit.core.job.Strategy;
import dev.tunefit.formats.write.WrittenFile;
import java.util.List;

/** How a job is spread over GPUs, in ms-swift's arguments. */
final class SwiftSpread {

  private static final String ZERO = "ms-swift-deepspeed.json";
  private static final String FSDP = "ms-swift-fsdp.json";

  private SwiftSpread() {}

  /** Returns whether FSDP checkpoints in place of the Trainer. */
  static boolean put(Said said, Sheet sheet, List<WrittenFile> files) {
    Parallelism spread = said.job().parallelism();
    if (spread.context() > 1) {
      sheet.put("sequence_parallel_size", spread.context());
      said.says(JobKey.CONTEXT);
    }
    return switch (spread.strategy()) {
      case NONE, DDP -> false;
      case ZERO1, ZERO2, ZERO3 -> {
        sheet.put("deepspeed", ZERO);
        files.add(ZeroFile.of(said, ZERO));
        yield false;
      }
      case FSDP1, FSDP2 -> {
        sheet.put("fsdp", FSDP);
        files.add(fsdp(said, spread));
        yield said.job().checkpointing() != Checkpointing.NONE;
      }
      case MEGATRON ->
          throw said.refusal(JobKey.STRATEGY, "none, ddp, fsdp1, fsdp2, zero1, zero2, zero3");
    };
  }

  /** As swift/config/fsdp2.json, which asks for FSDP's own checkpointing. */
  private static WrittenFile fsdp(Said said, Parallelism spread) {
    Sheet sheet = new Sheet();
    boolean second = spread.strategy() == Strategy.FSDP2;
    boolean offload = spread.offload().contains(OffloadTarget.PARAMETERS);
    String shards = spread.reshardAfterForward() ? "full_shard" : "shard_grad_op";
    sheet.put("fsdp", shards + " auto_wrap" + (offload ? " offload" : ""));
    sheet.put("fsdp_config.fsdp_version", second ? 2 : 1);
    sheet.put("fsdp_config.reshard_after_forward", spread.reshardAfterForward());
    sheet.put("fsdp_config.auto_wrap_policy", "TRANSFORMER_BASED_WRAP");
    sheet.put("fsdp_config.cpu_ram_efficient_loading", !Adapter.isFourBit(said));
    sheet.put("fsdp_config.state_dict_type", "SHARDED_STATE_DICT");
    boolean checkpoints = said.job().checkpointing() != Checkpointing.NONE;
    sheet.put("fsdp_config.activation_checkpointing", checkpoints);
    said.says(JobKey.STRATEGY, JobKey.RESHARD_AFTER_FORWARD);
    said.settles(JobKey.OFFLOAD, offload ? List.of(OffloadTarget.PARAMETERS) : List.of());
    return sheet.json(FSDP);
  }
}
