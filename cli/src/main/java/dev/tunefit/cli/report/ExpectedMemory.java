package dev.tunefit.cli.report;

import dev.tunefit.catalog.range.RangeFile;
import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.job.ResolvedJob;
import dev.tunefit.core.memory.RankEstimate;
import dev.tunefit.core.memory.range.Figure;
import dev.tunefit.core.memory.range.JobKind;
import dev.tunefit.core.memory.range.Verdict;
import java.util.Optional;

/** The numbers of an estimate with their ranges; reserved bytes, which take a replay, only once. */
public record ExpectedMemory(Expectation allocated, Expectation reserved, Expectation device) {

  static ExpectedMemory of(RankEstimate memory, ResolvedJob job) {
    JobKind kind = JobKind.of(job);
    long reserved = memory.reservedBytes();
    return new ExpectedMemory(
        expectation(memory.allocatedBytes(), Figure.ALLOCATED, kind),
        expectation(reserved, Figure.HELD, kind),
        expectation(reserved + memory.contextBytes(), Figure.HELD, kind));
  }

  private static Expectation expectation(long bytes, Figure figure, JobKind kind) {
    return new Expectation(bytes, RangeFile.embedded().find(figure, kind));
  }

  /** Bytes of a card that stay free; negative when the estimate is more than it has. */
  public long headroomBytes(Gpu card) {
    return card.memory().bytes() - device.bytes();
  }

  /** Whether a card holds the range; empty when there is none. */
  public Optional<Verdict> verdict(Gpu card) {
    return device.range().map(range -> range.verdict(card.memory().bytes()));
  }
}
