package dev.vramcast.core.range;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What runs say, in arrays that the groups of them share: each error as it is and inverted, which
 * are sorted once for all groups, and how many runs there are of each kind and source.
 *
 * <p>Runs that say nothing about a range are left out.
 */
final class RunPieces {

  /** A run of each figure and kind, of which there are few. */
  private final List<RunError> kinds = new ArrayList<>();

  private final Names sources = new Names();
  private final Names frameworks = new Names();

  /** Of each kind. */
  private final List<Integer> frameworkOfKind = new ArrayList<>();

  /** Runs of one source and kind, in the order in which they are met. */
  private final List<Cell> cells = new ArrayList<>();

  private final List<Piece> rising = new ArrayList<>();

  /** Numbers for names, from 0 on. */
  private static final class Names {

    private final Map<String, Integer> numbers = new HashMap<>();

    int number(String name) {
      Integer known = numbers.putIfAbsent(name, numbers.size());
      return known == null ? numbers.size() - 1 : known;
    }
  }

  /** Runs of one source and kind. */
  static final class Cell {

    private final int kind;
    private final int source;
    private final int framework;
    private int runs;

    private Cell(int kind, int source, int framework) {
      this.kind = kind;
      this.source = source;
      this.framework = framework;
    }

    int kind() {
      return kind;
    }

    int source() {
      return source;
    }

    int framework() {
      return framework;
    }

    /** How many. */
    int runs() {
      return runs;
    }
  }

  /** An error, compared by hand: a program that starts pays more for comparators. */
  record Piece(double ratio, boolean bound, boolean inverted, Cell cell, int runs)
      implements Comparable<Piece> {

    @Override
    public int compareTo(Piece other) {
      int order = Double.compare(ratio, other.ratio);
      return order != 0 ? order : Boolean.compare(bound, other.bound);
    }
  }

  RunPieces(List<RunError> runs) {
    Map<Figure, Map<JobKind, Integer>> known = new EnumMap<>(Figure.class);
    List<List<@Nullable Cell>> cellsOfKind = new ArrayList<>();
    for (RunError run : runs) {
      if (run.isInformative()) {
        Integer kind =
            known
                .computeIfAbsent(run.figure(), figure -> new HashMap<>())
                .putIfAbsent(run.kind(), kinds.size());
        if (kind == null) {
          kind = kinds.size();
          kinds.add(run);
          frameworkOfKind.add(frameworks.number(run.kind().framework()));
          cellsOfKind.add(new ArrayList<>());
        }
        add(run, cell(kind, sources.number(run.source()), cellsOfKind.get(kind)));
      }
    }
    Collections.sort(rising);
  }

  private Cell cell(int kind, int source, List<@Nullable Cell> ofKind) {
    while (ofKind.size() <= source) {
      ofKind.add(null);
    }
    Cell found = ofKind.get(source);
    if (found == null) {
      found = new Cell(kind, source, frameworkOfKind.get(kind));
      ofKind.set(source, found);
      cells.add(found);
    }
    return found;
  }

  private void add(RunError run, Cell cell) {
    cell.runs += run.runs();
    rising.add(new Piece(run.ratio(), run.bound(), false, cell, run.runs()));
    rising.add(new Piece(1 / run.ratio(), false, true, cell, run.runs()));
  }

  List<Cell> cells() {
    return cells;
  }

  /** All errors, those that are equal in the order of their runs, each before it is inverted. */
  List<Piece> rising() {
    return rising;
  }

  int sources() {
    return sources.numbers.size();
  }

  int frameworks() {
    return frameworks.numbers.size();
  }

  /** The number of a source; none where no run is of it. */
  int source(String name) {
    return sources.numbers.getOrDefault(name, -1);
  }

  /** Of each kind, whether a group holds it. */
  boolean[] held(RangeKey key) {
    boolean[] held = new boolean[kinds.size()];
    for (int i = 0; i < held.length; i++) {
      held[i] = key.holds(kinds.get(i));
    }
    return held;
  }
}
