package dev.vramcast.catalog.range;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.range.Era;
import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.core.range.ModelKind;
import dev.vramcast.core.range.RunError;
import dev.vramcast.core.range.Spread;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads lines of errors. */
final class RangeRows {

  private static final int CELLS = RangeFile.COLUMNS.size();

  /** A ratio is written with so many decimals. */
  private static final int DECIMALS = 6;

  private static final double MILLION = 1e6;

  /** With no more digits a ratio times a million is a double without rounding. */
  private static final int MOST_DIGITS = 15;

  private final Map<List<String>, JobKind> kinds = new HashMap<>();

  /** Adds the errors of a line. */
  void read(String line, List<RunError> errors) {
    List<String> cells = List.of(line.split("\t", -1));
    if (cells.size() != CELLS) {
      throw new IllegalStateException(
          "errors have " + cells.size() + " cells, not " + CELLS + ": " + line);
    }
    Figure figure = named(cells.get(0), Figure.values());
    JobKind kind = kinds.computeIfAbsent(cells.subList(1, CELLS - 2), RangeRows::kind);
    String source = cells.get(CELLS - 2);
    String all = cells.get(CELLS - 1);
    int from = 0;
    while (from <= all.length()) {
      int space = all.indexOf(' ', from);
      int end = space < 0 ? all.length() : space;
      errors.add(error(figure, kind, source, all.substring(from, end)));
      from = end + 1;
    }
  }

  private static RunError error(Figure figure, JobKind kind, String source, String text) {
    boolean bound = !text.isEmpty() && text.charAt(0) == RangeFile.MORE;
    int times = text.indexOf(RangeFile.TIMES);
    return new RunError(
        figure,
        kind,
        source,
        ratio(text.substring(bound ? 1 : 0, times < 0 ? text.length() : times)),
        bound,
        times < 0 ? 1 : Integer.parseInt(text.substring(times + 1)));
  }

  /**
   * The number that a text states. One with six decimals is a whole number divided by a million,
   * which rounds to the same double.
   */
  static double ratio(String text) {
    int point = text.length() - DECIMALS - 1;
    if (point < 1 || text.length() > MOST_DIGITS || text.charAt(point) != '.') {
      return Double.parseDouble(text);
    }
    long millionths = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (i == point) {
        continue;
      }
      if (digit < 0 || digit > 9) {
        return Double.parseDouble(text);
      }
      millionths = 10 * millionths + digit;
    }
    return millionths / MILLION;
  }

  private static JobKind kind(List<String> cells) {
    return new JobKind(
        cells.get(0),
        named(cells.get(1), ModelKind.values()),
        named(cells.get(2), Spread.values()),
        named(cells.get(3), Stage.values()),
        Optional.of(cells.get(4))
            .filter(era -> !era.equals(RangeFile.NONE))
            .map(era -> named(era, Era.values())));
  }

  private static <T extends Named> T named(String label, T[] values) {
    for (T value : values) {
      if (value.label().equals(label)) {
        return value;
      }
    }
    throw new IllegalStateException("unknown in an error: " + label);
  }
}
