package dev.vramcast.core.range;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ranges by the runs that they are made from. */
public final class RangeTable {

  private record Place(RangeKey key, Optional<String> leftOut) {}

  private final List<RangeRow> rows;
  private final Map<Place, RangeRow> byPlace = new HashMap<>();

  public RangeTable(List<RangeRow> rows) {
    this.rows = List.copyOf(rows);
    rows.forEach(row -> byPlace.put(new Place(row.key(), row.leftOut()), row));
  }

  public List<RangeRow> rows() {
    return rows;
  }

  /** The narrowest range for a number of a new job; empty when the table has none. */
  public Optional<RangeRow> find(Figure figure, JobKind kind) {
    return RangeKey.of(figure, kind).stream()
        .map(key -> byPlace.get(new Place(key, Optional.empty())))
        .filter(row -> row != null)
        .findFirst();
  }

  /** As {@link #find(Figure, JobKind)}, in which the runs of one source have no part. */
  public Optional<RangeRow> findWithout(String source, Figure figure, JobKind kind) {
    return find(figure, kind)
        .map(row -> byPlace.getOrDefault(new Place(row.key(), Optional.of(source)), row));
  }
}
