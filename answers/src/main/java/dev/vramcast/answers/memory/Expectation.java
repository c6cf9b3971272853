package dev.vramcast.answers.memory;

import dev.vramcast.core.range.ByteRange;
import dev.vramcast.core.range.RangeRow;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A number of an estimate with the range about it.
 *
 * @param row what the range comes from; empty when there is none for such a job
 */
public record Expectation(long bytes, Optional<RangeRow> row) {

  /** Between how many bytes the truth is expected. */
  public Optional<ByteRange> range() {
    return row.map(found -> found.about(bytes));
  }

  /** The chance that so much memory holds it; empty when nothing is known of such jobs. */
  public OptionalDouble chance(long usableBytes) {
    return row.map(found -> OptionalDouble.of(found.chance(bytes, usableBytes)))
        .orElse(OptionalDouble.empty());
  }
}
