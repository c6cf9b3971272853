package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.option.GgufType;
import dev.vramcast.core.life.Life.DiskShare;
import dev.vramcast.core.life.file.GgufFile;
import dev.vramcast.core.time.work.RunWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run puts on a machine's disk, in the order in which it comes there.
 *
 * @param work empty where the job does not say on how much data it trains
 * @param epochs passes over them
 */
record RunDisk(
    Architecture architecture,
    ResolvedJob job,
    Checkpoint checkpoint,
    Optional<RunWork> work,
    double epochs) {

  /**
   * Ids of four bytes, a mask of one and labels of eight (datasets/arrow_writer.py
   * OptimizedTypedSequence).
   */
  private static final long TOKENISED = 4 + 1 + 8;

  /** Before the first step. */
  List<DiskShare> downloaded() {
    List<DiskShare> shares = new ArrayList<>();
    add(shares, "weights in the Hub's cache", publishedBytes());
    work.ifPresent(
        all -> add(shares, "tokenised data", Capped.times(TOKENISED, Math.round(all.tokens()))));
    return shares;
  }

  /** Before weights are merged, put together or converted by a run that trains none. */
  List<DiskShare> found() {
    List<DiskShare> shares = new ArrayList<>();
    if (checkpoint.consolidation().isPresent()) {
      add(shares, "a checkpoint", checkpoint.bytes());
    } else {
      add(shares, "weights in the Hub's cache", publishedBytes());
      job.saving().merge().ifPresent(on -> add(shares, "adapters", checkpoint.weightBytes()));
    }
    return shares;
  }

  private long publishedBytes() {
    return Tensors.count(architecture) * job.checkpointDtype().bytes();
  }

  /** When the run is over. */
  List<DiskShare> saved() {
    List<DiskShare> shares = new ArrayList<>();
    int kept = kept();
    String name = kept == 1 ? "a checkpoint" : kept + " checkpoints";
    add(shares, name, Capped.times(kept, checkpoint.bytes()));
    add(shares, "the last weights", checkpoint.weightBytes());
    return shares;
  }

  /** Of shards that are put together, which are left where they are. */
  List<DiskShare> consolidated() {
    List<DiskShare> shares = new ArrayList<>();
    checkpoint
        .consolidation()
        .ifPresent(whole -> add(shares, "consolidated weights", whole.fileBytes()));
    return shares;
  }

  /** Of adapters that are merged. */
  List<DiskShare> merged() {
    List<DiskShare> shares = new ArrayList<>();
    if (job.saving().merge().isPresent()) {
      add(shares, "merged weights", mergedBytes());
    }
    return shares;
  }

  /**
   * To llama.cpp's format (unsloth/save.py save_to_gguf): a file in 16 bits first where the
   * converter does not write the type, and all of them at once on the disk.
   */
  List<DiskShare> exported() {
    List<DiskShare> shares = new ArrayList<>();
    job.saving()
        .gguf()
        .ifPresent(
            type -> {
              if (!type.isConverted()) {
                add(shares, "GGUF in 16 bits", GgufFile.bytes(architecture, GgufType.BF16));
              }
              add(shares, "GGUF in " + type.label(), GgufFile.bytes(architecture, type));
            });
    return shares;
  }

  /**
   * What people take from the machine: the file for llama.cpp, else weights, merged if they are.
   */
  long carriedBytes() {
    return job.saving()
        .gguf()
        .map(type -> GgufFile.bytes(architecture, type))
        .or(() -> job.saving().merge().map(device -> mergedBytes()))
        .or(() -> checkpoint.consolidation().map(Consolidation::fileBytes))
        .orElse(checkpoint.weightBytes());
  }

  private long mergedBytes() {
    return Tensors.count(architecture) * HostMemory.mergedDtype(job).bytes();
  }

  private static void add(List<DiskShare> shares, String what, long bytes) {
    if (bytes > 0) {
      shares.add(new DiskShare(what, bytes));
    }
  }

  /**
   * An old checkpoint goes when the new one is there, so one more than is kept (transformers/
   * trainer.py _save_checkpoint, rotate_checkpoints).
   */
  int kept() {
    SaveCode.Kept limit = job.saving().kept();
    Optional<Integer> written = written();
    if (written.isEmpty()) {
      return limit.equals(SaveCode.Kept.ALL) ? 1 : limit.count() + 1;
    }
    int most = limit.equals(SaveCode.Kept.ALL) ? written.get() : limit.count() + 1;
    return Math.min(written.get(), most);
  }

  /** How many are written; empty where the job does not say on how much data it trains. */
  Optional<Integer> written() {
    SaveCode.Interval interval = job.saving().interval();
    if (interval instanceof SaveCode.AtEnd) {
      return Optional.of(1);
    } else if (interval instanceof SaveCode.Epochs) {
      return work.map(all -> (int) Math.ceil(epochs));
    }
    return interval instanceof SaveCode.Steps every
        ? work.map(all -> (int) Math.ceil((double) all.steps() / every.count()))
        : Optional.of(0);
  }
}
