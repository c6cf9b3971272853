package dev.vramcast.core.run;

import dev.vramcast.core.input.Remark;
import java.util.Comparator;
import java.util.List;

/**
 * The peak memory of a job's life on every GPU.
 *
 * @param ranks each kind of rank once, in the order of their first ranks
 * @param assumptions what was taken for granted where the job did not say
 */
public record MemoryEstimate(List<RankEstimate> ranks, List<Remark> assumptions) {

  public MemoryEstimate {
    ranks = List.copyOf(ranks);
    assumptions = List.copyOf(assumptions);
  }

  /** The rank that needs most, which decides whether the job fits. */
  public RankEstimate worst() {
    return ranks.stream().max(Comparator.comparingLong(RankEstimate::allocatedBytes)).orElseThrow();
  }

  /** Peak of the machines' memory that offloading takes, all ranks together. */
  public long hostBytes() {
    return ranks.stream().mapToLong(rank -> rank.count() * rank.hostBytes()).sum();
  }
}
