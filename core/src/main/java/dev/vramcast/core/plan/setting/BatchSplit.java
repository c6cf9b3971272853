package dev.vramcast.core.plan.setting;

import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How the sequences that one rank sees in an optimizer step are divided.
 *
 * @param microBatch sequences of a forward pass
 * @param gradAccum forward passes of a step
 */
public record BatchSplit(int microBatch, int gradAccum) {

  /**
   * The splits of a job on so many GPUs, the smallest micro-batch first: every divisor of what a
   * rank has to see, unless the job states one of the two. One that states both, but no number of
   * GPUs, has at least as many sequences in a step on any: accumulation shrinks first, then the
   * micro-batch, and what ranks cannot share evenly is rounded up.
   *
   * @param choices of sequences of a step, of which a rank sees the part that is rounded up
   * @return empty when the job is to be left as it is
   */
  public static List<BatchSplit> of(JobDocument job, Choices choices, int gpus) {
    OptionalInt sequences = choices.sequences();
    OptionalInt micro = whole(job, JobKey.MICRO_BATCH);
    OptionalInt accum = whole(job, JobKey.GRAD_ACCUM);
    if (micro.isPresent() && accum.isPresent() && sequences.isEmpty()) {
      OptionalInt kept = choices.kept();
      return kept.isEmpty() || perRank(job, kept.getAsInt(), gpus) == kept.getAsInt()
          ? List.of()
          : List.of(kept(perRank(job, kept.getAsInt(), gpus), micro.getAsInt()));
    }
    if (micro.isPresent() && (accum.isPresent() || sequences.isEmpty())) {
      return List.of();
    }
    int each = perRank(job, sequences.orElse(Choices.USUAL_SEQUENCES), gpus);
    if (micro.isPresent()) {
      return List.of(new BatchSplit(micro.getAsInt(), parts(each, micro.getAsInt())));
    } else if (accum.isPresent()) {
      return List.of(new BatchSplit(parts(each, accum.getAsInt()), accum.getAsInt()));
    }
    List<BatchSplit> splits = new ArrayList<>();
    for (int divisor = 1; divisor <= each; divisor++) {
      if (each % divisor == 0) {
        splits.add(new BatchSplit(divisor, each / divisor));
      }
    }
    return splits;
  }

  private static BatchSplit kept(int each, int largest) {
    int micro = Math.min(largest, each);
    while (each % micro != 0) {
      micro--;
    }
    return new BatchSplit(micro, each / micro);
  }

  /** What each of the ranks has to see that work on data of their own. */
  private static int perRank(JobDocument job, int sequences, int gpus) {
    long sharing = 1;
    for (JobKey way : List.of(JobKey.TENSOR, JobKey.PIPELINE, JobKey.CONTEXT)) {
      sharing *= whole(job, way).orElse(1);
    }
    return parts(sequences, (int) Math.max(1, gpus / sharing));
  }

  private static int parts(int whole, int of) {
    return (whole - 1) / of + 1;
  }

  private static OptionalInt whole(JobDocument job, JobKey key) {
    return job.value(key, Integer.class).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /** The document with this split. */
  public JobDocument on(JobDocument job) {
    return job.with(JobKey.MICRO_BATCH, microBatch, Variant.ORIGIN)
        .with(JobKey.GRAD_ACCUM, gradAccum, Variant.ORIGIN);
  }

  /** Another batch, divided like this. */
  public Batch of(Batch batch) {
    return batch.dividedInto(microBatch, gradAccum);
  }
}
