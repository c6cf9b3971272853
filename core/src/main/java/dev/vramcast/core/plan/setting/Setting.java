package dev.vramcast.core.plan.setting;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.time.work.RunWork;
import java.util.Optional;

/**
 * A job that can run on some number of GPUs, without the GPU's name.
 *
 * @param variant the document, with the number of GPUs
 * @param split of the batch; empty when the document's own holds
 * @param work of the whole run
 * @param splits the jobs that differ in how the batch is divided alone
 * @param index of this one among them
 */
public record Setting(
    JobDocument variant, Optional<BatchSplit> split, RunWork work, Splits splits, int index) {

  public ResolvedJob job() {
    return splits.job(index);
  }

  /** The job on a GPU; a user can give it to any command. */
  public JobDocument document(Gpu gpu) {
    JobDocument whole = split.map(parts -> parts.on(variant)).orElse(variant);
    return whole.with(JobKey.GPU, gpu.name(), Variant.ORIGIN).withFound(gpu);
  }
}
