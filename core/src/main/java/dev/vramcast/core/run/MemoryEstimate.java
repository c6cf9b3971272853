package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.ResolvedJob;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The peak memory of a job's life on every GPU. May be used by several threads. */
public final class MemoryEstimate {

  private final List<RankEstimate> ranks;
  private final Supplier<List<Remark>> making;

  /** Null until they are asked for: most estimates are made for their bytes alone. */
  private volatile @Nullable List<Remark> assumptions;

  private MemoryEstimate(List<RankEstimate> ranks, Supplier<List<Remark>> making) {
    this.ranks = List.copyOf(ranks);
    this.making = making;
  }

  /** That of ranks for which nothing was taken for granted. */
  public MemoryEstimate(List<RankEstimate> ranks) {
    this(ranks, List::of);
  }

  /** That of ranks, with what was taken for granted. */
  static MemoryEstimate of(
      List<RankEstimate> ranks, Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    return new MemoryEstimate(ranks, () -> Assumptions.of(architecture, job, gpu, worst(ranks)));
  }

  /** Each kind of rank once, in the order of their first ranks. */
  public List<RankEstimate> ranks() {
    return ranks;
  }

  /** What was taken for granted where the job did not say, what weighs most first. */
  public List<Remark> assumptions() {
    List<Remark> known = assumptions;
    if (known == null) {
      known = List.copyOf(making.get());
      assumptions = known;
    }
    return known;
  }

  /** The rank that needs most, which decides whether the job fits. */
  public RankEstimate worst() {
    return worst(ranks);
  }

  private static RankEstimate worst(List<RankEstimate> ranks) {
    return ranks.stream().max(Comparator.comparingLong(RankEstimate::allocatedBytes)).orElseThrow();
  }

  /** Peak of a machine's own memory that offloading takes, of all its ranks. */
  public long hostBytes(int machines) {
    return ranks.stream().mapToLong(rank -> rank.count() * rank.hostBytes()).sum() / machines;
  }
}
