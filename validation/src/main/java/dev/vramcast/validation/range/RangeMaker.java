package dev.vramcast.validation.range;

import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.core.range.RangeKey;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.range.RangeTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes ranges from truths.
 *
 * <p>A key has a range when it would have one without any one of its sources: then every range that
 * a new job is given has been tried on sources that had no part in it.
 */
public final class RangeMaker {

  private static final Comparator<RangeKey> ORDER =
      Comparator.comparing(RangeKey::figure)
          .thenComparing(key -> key.spread().map(Enum::ordinal).orElse(-1))
          .thenComparing(key -> key.code().map(Enum::ordinal).orElse(-1));

  private final Map<RangeKey, List<Measurement>> byKey = new TreeMap<>(ORDER);
  private final List<RangeRow> forNewJobs = new ArrayList<>();
  private final List<RangeRow> forJudging = new ArrayList<>();

  private RangeMaker() {}

  /** The ranges, those of new jobs first. */
  public static RangeTable of(Collection<Measurement> measurements) {
    RangeMaker maker = new RangeMaker();
    measurements.forEach(maker::add);
    maker.byKey.forEach(maker::make);
    List<RangeRow> rows = new ArrayList<>(maker.forNewJobs);
    rows.addAll(maker.forJudging);
    return new RangeTable(rows);
  }

  private void add(Measurement measurement) {
    for (RangeKey key : RangeKey.of(measurement.figure(), measurement.kind())) {
      byKey.computeIfAbsent(key, each -> new ArrayList<>()).add(measurement);
    }
  }

  private void make(RangeKey key, List<Measurement> measurements) {
    ErrorPool pool = new ErrorPool(measurements);
    Optional<ErrorRange> range = pool.range();
    Map<String, ErrorPool> without = new TreeMap<>();
    Map<String, ErrorRange> ranges = new TreeMap<>();
    for (String source : pool.sources()) {
      ErrorPool others = pool.without(source);
      without.put(source, others);
      others.range().ifPresent(found -> ranges.put(source, found));
    }
    if (range.isEmpty() || ranges.size() < without.size()) {
      return;
    }
    forNewJobs.add(row(key, Optional.empty(), pool, range.get(), measurements, ranges));
    ranges.forEach(
        (source, found) ->
            forJudging.add(
                row(
                    key,
                    Optional.of(source),
                    Objects.requireNonNull(without.get(source)),
                    found,
                    measurements.stream().filter(t -> t.source().equals(source)).toList(),
                    ranges)));
  }

  private static RangeRow row(
      RangeKey key,
      Optional<String> leftOut,
      ErrorPool pool,
      ErrorRange range,
      List<Measurement> checked,
      Map<String, ErrorRange> ranges) {
    long inside =
        checked.stream().filter(t -> t.isWithin(ranges.getOrDefault(t.source(), range))).count();
    return new RangeRow(
        key, leftOut, pool.size(), pool.sources().size(), range, checked.size(), (int) inside);
  }
}
