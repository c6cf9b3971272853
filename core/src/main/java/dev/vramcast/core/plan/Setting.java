package dev.vramcast.core.plan;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.JobDocument;
import dev.vramcast.core.job.JobKey;
import dev.vramcast.core.job.ResolvedJob;
import java.util.Optional;

/**
 * A job that can run on some number of GPUs, without the GPU's name.
 *
 * @param variant the document, with the number of GPUs
 * @param split of the batch; empty when the document's own holds
 * @param tokens that GPUs work on in the whole run, padding included
 * @param splits the jobs that differ in how the batch is divided alone
 * @param index of this one among them
 */
record Setting(
    JobDocument variant, Optional<BatchSplit> split, double tokens, Splits splits, int index) {

  ResolvedJob job() {
    return splits.job(index);
  }

  /** The job on a GPU; a user can give it to any command. */
  JobDocument document(Gpu gpu) {
    JobDocument whole = split.map(parts -> parts.on(variant)).orElse(variant);
    return whole.with(JobKey.GPU, gpu.name(), Variant.ORIGIN);
  }
}
