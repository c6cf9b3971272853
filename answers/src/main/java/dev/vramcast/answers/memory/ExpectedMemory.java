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

/**
 * The numbers of an estimate with their ranges; those that take replays of the step only once.
 *
 * @param rank whose numbers these are
 * @param device what the driver reports where there is room for all that the allocator keeps
 * @param needed what the driver reports where the allocator has to give back what it can
 */
public record ExpectedMemory(
    RankEstimate rank,
    Expectation allocated,
    Expectation reserved,
    Expectation device,
    Expectation needed) {

  static ExpectedMemory of(RankEstimate memory, ResolvedJob job, Architecture model) {
    Ranges ranges = new Ranges(JobKind.of(job, model), memory.engineBytes());
    long reserved = memory.reservedBytes();
    long outside = memory.outside().bytes();
    return new ExpectedMemory(
        memory,
        expectation(memory.allocatedBytes(), Figure.ALLOCATED, ranges),
        expectation(reserved, Figure.RESERVED, ranges),
        expectation(reserved + outside, Figure.DEVICE, ranges),
        expectation(memory.neededBytes(reserved) + outside, Figure.DEVICE, ranges));
  }

  /** Whether these numbers are of a rank, one of the estimate that they were made of. */
  @SuppressWarnings("ReferenceEquality") // traces are large, and two ranks may be alike
  boolean isOf(RankEstimate other) {
    return other == rank;
  }

  /** What a rank reserves: known of the one that these numbers are of, replayed of others. */
  public long reservedBytes(RankEstimate other) {
    return isOf(other) ? reserved.bytes() : other.reservedBytes();
  }

  /**
   * As {@link #reservedBytes(RankEstimate)}, what the driver has to give at least.
   *
   * @param reservedBytes of that rank
   */
  long neededBytes(RankEstimate other, long reservedBytes) {
    return isOf(other)
        ? needed.bytes()
        : other.neededBytes(reservedBytes) + other.outside().bytes();
  }

  private static Expectation expectation(long bytes, Figure figure, Ranges ranges) {
    return new Expectation(
        bytes,
        RangeFile.embedded()
            .find(figure, ranges.kind())
            .map(row -> row.beside(ranges.settledBytes())));
  }

  /** Of a kind of jobs, where a setting says so many bytes. */
  private record Ranges(JobKind kind, long settledBytes) {}

  /** Bytes of a card beside what is needed; negative when that is more than the card has. */
  public long headroomBytes(Gpu card) {
    return card.allocatableBytes() - needed.bytes();
  }

  /** Whether a card holds the range of what is needed; empty when there is none. */
  public Optional<Verdict> verdict(Gpu card) {
    return needed.range().map(range -> range.verdict(card.allocatableBytes()));
  }

  /** The chance that a card holds what is needed; empty when nothing is known of such jobs. */
  public OptionalDouble chance(Gpu card) {
    return needed.chance(card.allocatableBytes());
  }
}
