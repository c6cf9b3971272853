package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.ResolvedJob;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The peak memory of a job's life on every GPU.
 *
 * @param ranks each kind of rank once, in the order of their first ranks
 * @param assumptions what was taken for granted where the job did not say, what weighs most first
 */
public record MemoryEstimate(List<RankEstimate> ranks, List<Remark> assumptions) {

  public MemoryEstimate {
    ranks = List.copyOf(ranks);
    assumptions = List.copyOf(assumptions);
  }

  /** That of ranks, with what was taken for granted. */
  static MemoryEstimate of(
      List<RankEstimate> ranks, Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    return new MemoryEstimate(ranks, Assumptions.of(architecture, job, gpu, worst(ranks)));
  }

  /** The rank that needs most, which decides whether the job fits. */
  public RankEstimate worst() {
    return worst(ranks);
  }

  private static RankEstimate worst(List<RankEstimate> ranks) {
    return ranks.stream().max(Comparator.comparingLong(RankEstimate::allocatedBytes)).orElseThrow();
  }

  /** Peak of the machines' memory that offloading takes, all ranks together. */
  public long hostBytes() {
    return ranks.stream().mapToLong(rank -> rank.count() * rank.hostBytes()).sum();
  }
}
