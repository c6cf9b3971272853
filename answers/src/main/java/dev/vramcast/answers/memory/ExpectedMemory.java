package dev.vramcast.answers.memory;

import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.core.range.Verdict;
import dev.vramcast.core.run.RankEstimate;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of an estimate with their ranges. Each is found when it is first asked for, since
 * reserved bytes take more replays than those that are needed, and ranges are made of many runs.
 */
public final class ExpectedMemory {

  private final RankEstimate rank;
  private final JobKind kind;
  private @Nullable Expectation allocated;
  private @Nullable Expectation reserved;
  private @Nullable Expectation device;
  private @Nullable Expectation needed;

  private ExpectedMemory(RankEstimate rank, JobKind kind) {
    this.rank = rank;
    this.kind = kind;
  }

  static ExpectedMemory of(RankEstimate memory, ResolvedJob job, Architecture model) {
    return new ExpectedMemory(memory, JobKind.of(job, model));
  }

  /** Whose numbers these are. */
  public RankEstimate rank() {
    return rank;
  }

  /** As PyTorch counts them. */
  public Expectation allocated() {
    Expectation known = allocated;
    if (known == null) {
      known = expectation(rank.allocatedBytes(), Figure.ALLOCATED);
      allocated = known;
    }
    return known;
  }

  /** What the caching allocator holds. */
  public Expectation reserved() {
    Expectation known = reserved;
    if (known == null) {
      known = expectation(rank.reservedBytes(), Figure.RESERVED);
      reserved = known;
    }
    return known;
  }

  /** What readings of the driver show. */
  public Expectation device() {
    Expectation known = device;
    if (known == null) {
      known = expectation(rank.deviceBytes(), Figure.DEVICE);
      device = known;
    }
    return known;
  }

  /** What the driver reports where the allocator has to give back what it can. */
  public Expectation needed() {
    Expectation known = needed;
    if (known == null) {
      known = expectation(rank.neededDeviceBytes(), Figure.DEVICE);
      needed = known;
    }
    return known;
  }

  /** Whether these numbers are of a rank, one of the estimate that they were made of. */
  @SuppressWarnings("ReferenceEquality") // traces are large, and two ranks may be alike
  boolean isOf(RankEstimate other) {
    return other == rank;
  }

  /** What a rank reserves: known of the one that these numbers are of, replayed of others. */
  public long reservedBytes(RankEstimate other) {
    return isOf(other) ? reserved().bytes() : other.reservedBytes();
  }

  /** As {@link #reservedBytes(RankEstimate)}, what readings of the driver show. */
  public long deviceBytes(RankEstimate other) {
    return isOf(other) ? device().bytes() : other.deviceBytes();
  }

  /**
   * As {@link #reservedBytes(RankEstimate)}, what the driver has to give at least.
   *
   * @param reservedBytes of that rank
   */
  long neededBytes(RankEstimate other, long reservedBytes) {
    return isOf(other)
        ? needed().bytes()
        : other.neededBytes(reservedBytes) + other.outside().bytes();
  }

  private Expectation expectation(long bytes, Figure figure) {
    return new Expectation(
        bytes,
        RangeFile.embedded()
            .find(figure, kind)
            .map(row -> row.knowing(rank.engineBytes(), rank.loadedBytes())));
  }

  /** Bytes of a card beside what is needed; negative when that is more than the card has. */
  public long headroomBytes(Gpu card) {
    return card.allocatableBytes() - needed().bytes();
  }

  /** Whether a card holds the range of what is needed; empty when there is none. */
  public Optional<Verdict> verdict(Gpu card) {
    return needed().range().map(range -> range.verdict(card.allocatableBytes()));
  }

  /** The chance that a card holds what is needed; empty when nothing is known of such ones. */
  public OptionalDouble chance(Gpu card) {
    return needed().chance(card);
  }
}
