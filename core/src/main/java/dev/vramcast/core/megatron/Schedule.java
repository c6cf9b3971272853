package dev.vramcast.core.megatron;

/**
 * Micro-batches whose activations a pipeline stage holds when its first backward pass begins, which
 * is when it holds most (megatron/core/pipeline_parallel/schedules.py, get_pp_rank_microbatches and
 * get_schedule_table).
 */
final class Schedule {

  private Schedule() {}

  /**
   * How many forward passes of each virtual stage have run, the one included whose backward pass
   * begins: that is one of the last virtual stage.
   *
   * @param stage counted from 0
   * @param microBatches of a step
   */
  static int[] inFlight(int stage, int stages, int chunks, int microBatches) {
    if (chunks == 1) {
      return new int[] {Math.min(microBatches, stages - stage)};
    }
    int warmUp = (stages - stage - 1) * 2 + (chunks - 1) * stages;
    long all = (long) microBatches * chunks;
    int[] counts = new int[chunks];
    for (int i = 0; i < Math.min(all, warmUp + 1L); i++) {
      counts[i % (stages * chunks) / stages]++;
    }
    return counts;
  }
}
