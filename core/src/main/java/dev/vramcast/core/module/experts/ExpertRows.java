package dev.vramcast.core.module.experts;

import dev.vramcast.core.job.Parallelism;

/** How many pairs of a token and an expert the experts of a GPU work on. */
final class ExpertRows {

  private ExpertRows() {}

  /**
   * The pairs of the fullest GPU. One whose experts get everything has those of all GPUs that share
   * the experts (torchtitan/distributed/expert_parallel.py, ExpertParallel._token_dispatch: as many
   * rows as the others send).
   *
   * @param sent how many pairs each GPU sends out
   */
  static long of(Parallelism degrees, long sent) {
    double fullest = Math.min(degrees.expertImbalance(), degrees.expert());
    return Math.round(sent * Math.max(1, fullest));
  }
}
