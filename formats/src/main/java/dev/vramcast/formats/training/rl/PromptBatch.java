package dev.vramcast.formats.training.rl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;

/**
 * Batches over all processes, as micro-batches of one.
 *
 * @param processes that have sequences of their own
 * @param group completions of a prompt, where batches count prompts; else 1
 * @param microBatch sequences of a micro-batch
 */
public record PromptBatch(long processes, long group, long microBatch) {

  private static final int MOST = 1_000_000;

  /** Takes what an update is made of as micro-batches of it. */
  public void update(JobBuilder job, Setting batch) {
    job.put(JobKey.GRAD_ACCUM, each(batch), batch);
  }

  /** Takes what is generated at once as micro-batches of it. */
  public void generation(JobBuilder job, Setting batch) {
    job.put(JobKey.STEPS_PER_GENERATION, each(batch), batch);
  }

  /** Micro-batches of a batch that each process has. */
  public int each(Setting batch) {
    long each = bounded(processes) * bounded(microBatch);
    long sequences = batch.whole() * bounded(group);
    return (int) Math.min(MOST, Math.max(1, (sequences + each - 1) / each));
  }

  /** So that two of them and a batch stay numbers of their type. */
  private static long bounded(long count) {
    return Math.max(1, Math.min(Integer.MAX_VALUE, count));
  }
}
