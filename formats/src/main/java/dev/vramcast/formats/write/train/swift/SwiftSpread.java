package dev.vramcast.formats.write.train.swift;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import dev.vramcast.formats.write.train.ZeroFile;
import java.util.List;

/** How a job is spread over GPUs, in ms-swift's arguments. */
final class SwiftSpread {

  private static final String ZERO = "ms-swift-deepspeed.json";

  private SwiftSpread() {}

  /** Returns whether FSDP checkpoints in place of the Trainer. */
  static boolean put(JobCoverage coverage, OutputKeys output, List<WrittenFile> files) {
    Parallelism spread = coverage.job().parallelism();
    if (spread.context() > 1) {
      output.put("sequence_parallel_size", spread.context());
      coverage.says(JobKey.CONTEXT);
    }
    return switch (spread.strategy()) {
      case NONE, DDP -> false;
      case ZERO1, ZERO2, ZERO3 -> {
        output.put("deepspeed", ZERO);
        files.add(ZeroFile.of(coverage, ZERO));
        yield false;
      }
      case FSDP1, FSDP2 -> {
        // The preset of swift/config/fsdp2.json, which checkpoints by itself.
        output.put("fsdp", "fsdp2");
        coverage.settles(JobKey.STRATEGY, Strategy.FSDP2);
        coverage.settles(JobKey.RESHARD_AFTER_FORWARD, true);
        yield true;
      }
      case MEGATRON ->
          throw coverage.refusal(JobKey.STRATEGY, "none, ddp, fsdp1, fsdp2, zero1, zero2, zero3");
    };
  }
}
