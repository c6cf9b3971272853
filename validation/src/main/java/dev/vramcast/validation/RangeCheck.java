package dev.vramcast.validation;

import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.validation.range.Measurement;
import java.util.Optional;

/**
 * A truth and the range it is held against: the one {@code vramcast estimate} shows, or where runs
 * of the same source had a part in that, the one made without them.
 *
 * @param row empty when there is no range for such a job
 */
public record RangeCheck(Measurement measurement, Optional<RangeRow> row) {

  static RangeCheck of(Measurement measurement) {
    return new RangeCheck(
        measurement,
        RangeFile.embedded()
            .findWithout(measurement.source(), measurement.figure(), measurement.kind()));
  }

  /** Empty when there is no range. */
  public Optional<Boolean> isInside() {
    return row.map(found -> measurement.isWithin(found.range()));
  }

  /** The runs that the range is made from, in words. */
  String words() {
    return row.map(found -> found.key().words()).orElse("no range");
  }
}
