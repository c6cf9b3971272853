package dev.vramcast.answers.memory;

import dev.vramcast.core.hardware.Gpu;
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

  /** The chance that a card holds it; empty when nothing is known of such jobs or such cards. */
  public OptionalDouble chance(Gpu card) {
    return row.map(found -> found.chance(Optional.of(card), bytes, card.allocatableBytes()))
        .orElse(OptionalDouble.empty());
  }
}
