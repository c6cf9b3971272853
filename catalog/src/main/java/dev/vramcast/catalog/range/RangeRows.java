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
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of errors. Lines of the same kind and source follow each other, and only how many
 * runs they are and their ratio is read again: a program that starts reads more than a thousand.
 */
final class RangeRows {

  /** Cells before the runs and the ratio. */
  private static final int FIRST = RangeFile.COLUMNS.size() - 2;

  /** A ratio is written with so many decimals. */
  private static final int DECIMALS = 6;

  private static final double MILLION = 1e6;

  /** With no more digits a ratio times a million is a double without rounding. */
  private static final int MOST_DIGITS = 15;

  /** What lines have in common. */
  private record Beginning(String text, Figure figure, JobKind kind, String source) {}

  private final Map<List<String>, JobKind> kinds = new HashMap<>();
  private @Nullable Beginning last;

  /** Reads a line. */
  RunError row(String line) {
    int ratioAt = line.lastIndexOf('\t') + 1;
    int runsAt = line.lastIndexOf('\t', ratioAt - 2) + 1;
    Beginning begin = last;
    if (begin == null || begin.text.length() != runsAt || !line.startsWith(begin.text)) {
      begin = beginning(line, runsAt);
      last = begin;
    }
    boolean bound = line.startsWith(RangeFile.MORE, ratioAt);
    return new RunError(
        begin.figure,
        begin.kind,
        begin.source,
        ratio(line.substring(bound ? ratioAt + RangeFile.MORE.length() : ratioAt)),
        bound,
        Integer.parseInt(line.substring(runsAt, Math.max(runsAt, ratioAt - 1))));
  }

  private Beginning beginning(String line, int length) {
    List<String> cells = List.of(line.split("\t", -1));
    if (cells.size() != RangeFile.COLUMNS.size()) {
      throw new IllegalStateException("an error has " + cells.size() + " cells: " + line);
    }
    return new Beginning(
        line.substring(0, length),
        named(cells.get(0), Figure.values()),
        kinds.computeIfAbsent(cells.subList(1, FIRST - 1), RangeRows::kind),
        cells.get(FIRST - 1));
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
