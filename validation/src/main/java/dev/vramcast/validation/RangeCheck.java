package dev.vramcast.validation;

import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.range.RunError;
import dev.vramcast.validation.cases.Case;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A run and the range it is held against.
 *
 * @param use what the run says about ranges
 * @param shown the one that {@code vramcast estimate} shows; empty when there is none
 * @param row the one made without the runs of the same source
 * @param least the share of the estimate that is there between steps, below which no range reaches
 */
public record RangeCheck(
    RunError error, Use use, Optional<RangeRow> shown, Optional<RangeRow> row, double least) {

  /** What a run says about ranges. */
  public enum Use {
    /** How large errors are. */
    MAKES,
    /** Somebody reported it for what it needed: no range is made of it. */
    REPORTED,
    /** It may have been shorter than the job, so that it is no truth about it. */
    CAPPED,
    /**
     * Nobody says how unevenly tokens went to experts, and routers may have sent more to a GPU than
     * is counted: above its range it is no error, and below it is one. It makes the ranges of jobs
     * whose routers may do so too.
     */
    ROUTED;

    private static Use of(Case c, RunError error) {
      if (c.lengthIsCap()) {
        return CAPPED;
      }
      if (c.isReportedForItsMemory()) {
        return REPORTED;
      }
      return error.isRouted() && !c.statesExpertImbalance() ? ROUTED : MAKES;
    }

    /** Whether ranges are made of such a run. */
    public boolean makesRanges() {
      return this == MAKES || this == ROUTED;
    }
  }

  static RangeCheck of(Case c, RunError error, double least) {
    RangeTable table = RangeFile.embedded();
    return new RangeCheck(
        error,
        Use.of(c, error),
        table.find(error.figure(), error.kind()),
        table.findWithout(error.source(), error.figure(), error.kind()),
        least);
  }

  /** Empty when there is no range. What may have been shorter than the job is inside below it. */
  public Optional<Boolean> isInside() {
    return row.map(this::range).map(this::isWithin);
  }

  /** Whether there is a range, and it begins above the run. */
  boolean isBelow() {
    return row.map(this::range).filter(range -> error.ratio() < range.low()).isPresent();
  }

  /** Whether there is a range, and it ends below the run. */
  boolean isAbove() {
    return row.map(this::range).filter(range -> error.ratio() > range.high()).isPresent();
  }

  /** A range as it is shown. */
  private ErrorRange range(RangeRow found) {
    ErrorRange range = found.range();
    return new ErrorRange(Math.max(range.low(), Math.min(1, least)), range.high());
  }

  private boolean isWithin(ErrorRange range) {
    return use == Use.CAPPED ? error.ratio() <= range.high() : error.isWithin(range);
  }

  /** How wide the range that is shown is, as a multiple of the estimate. */
  OptionalDouble width() {
    return shown
        .map(this::range)
        .map(range -> OptionalDouble.of(range.high() - range.low()))
        .orElse(OptionalDouble.empty());
  }

  /** The number, and whether runs of the framework are known, in words. */
  String words() {
    String known = row.map(found -> found.met() ? "framework met" : "framework new").orElse("none");
    return error.figure().words() + ", " + known;
  }
}
