package dev.vramcast.formats.write.train.swift;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
import dev.vramcast.formats.write.train.ZeroFile;
import java.util.List;

/** How a job is spread over GPUs, in ms-swift's arguments. */
final class SwiftSpread {

  private static final String ZERO = "ms-swift-deepspeed.json";

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
        // The preset of swift/config/fsdp2.json, which checkpoints by itself.
        sheet.put("fsdp", "fsdp2");
        said.settles(JobKey.STRATEGY, Strategy.FSDP2);
        said.settles(JobKey.RESHARD_AFTER_FORWARD, true);
        yield true;
      }
      case MEGATRON ->
          throw said.refusal(JobKey.STRATEGY, "none, ddp, fsdp1, fsdp2, zero1, zero2, zero3");
    };
  }
}
