package dev.vramcast.core.run;

import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.trace.replay.VaryingLengths;
import java.util.Optional;

/** Micro-batches that differ in length, as they do where each is padded to its longest sequence. */
final class ChangingLengths {

  static final String SENTENCE =
      "Micro-batches differ in length: what is reserved is that after several which were longer"
          + " than all before, as of some hundreds whose lengths are spread exponentially.";

  private ChangingLengths() {}

  /** None where all are as long, or the loop gives back what shorter ones left in the cache. */
  static Optional<VaryingLengths> of(ResolvedJob job) {
    Batch batch = job.batch();
    boolean varies = batch.padding() == Padding.LONGEST && !job.allocator().emptied();
    return varies && job.objective().stage().isSupervised()
        ? Optional.of(new VaryingLengths(batch.microBatch(), batch.tokens()))
        : Optional.empty();
  }
}
