package dev.vramcast.catalog.range;

import dev.vramcast.catalog.Resources;
import dev.vramcast.core.input.Named;
import dev.vramcast.core.range.Code;
import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.RangeKey;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.range.Spread;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The text form of ranges: tab-separated, one range a line, after comments that say where they come
 * from.
 */
public final class RangeFile {

  private static final class Embedded {
    static final RangeTable INSTANCE = parse(Resources.lines("ranges/ranges.tsv"));
  }

  private static final String COMMENT = "#";
  private static final String ANY = "any";
  private static final String NONE = "-";
  private static final List<String> COLUMNS =
      List.of(
          "figure",
          "spread",
          "code",
          "left_out",
          "runs",
          "sources",
          "low",
          "high",
          "checked",
          "inside");

  private RangeFile() {}

  /** The ranges that are part of this module, read at the first call. */
  public static RangeTable embedded() {
    return Embedded.INSTANCE;
  }

  /** Reads what {@link #text} wrote. */
  public static RangeTable parse(List<String> lines) {
    return new RangeTable(
        lines.stream()
            .filter(line -> !line.isBlank() && !line.startsWith(COMMENT))
            .skip(1)
            .map(RangeFile::row)
            .toList());
  }

  /**
   * The file of a table.
   *
   * @param comments lines that say how it was made
   */
  public static String text(RangeTable table, List<String> comments) {
    StringBuilder text = new StringBuilder();
    comments.forEach(line -> text.append(COMMENT).append(' ').append(line).append('\n'));
    text.append(String.join("\t", COLUMNS)).append('\n');
    table.rows().forEach(row -> text.append(line(row)).append('\n'));
    return text.toString();
  }

  private static String line(RangeRow row) {
    RangeKey key = row.key();
    return String.join(
        "\t",
        key.figure().label(),
        key.spread().map(Named::label).orElse(ANY),
        key.code().map(Named::label).orElse(ANY),
        row.leftOut().map(source -> source.replaceAll("\\p{Cntrl}", " ")).orElse(NONE),
        String.valueOf(row.runs()),
        String.valueOf(row.sources()),
        factor(row.range().low()),
        factor(row.range().high()),
        String.valueOf(row.checked()),
        String.valueOf(row.inside()));
  }

  private static String factor(double value) {
    return String.format(Locale.ROOT, "%.6f", value);
  }

  private static RangeRow row(String line) {
    List<String> cells = List.of(line.split("\t", -1));
    if (cells.size() != COLUMNS.size()) {
      throw new IllegalStateException("a range has " + cells.size() + " cells: " + line);
    }
    RangeKey key =
        new RangeKey(
            named(cells.get(0), Figure.values()).orElse(Figure.ANY),
            named(cells.get(1), Spread.values()),
            named(cells.get(2), Code.values()));
    return new RangeRow(
        key,
        Optional.of(cells.get(3)).filter(source -> !source.equals(NONE)),
        Integer.parseInt(cells.get(4)),
        Integer.parseInt(cells.get(5)),
        new ErrorRange(Double.parseDouble(cells.get(6)), Double.parseDouble(cells.get(7))),
        Integer.parseInt(cells.get(8)),
        Integer.parseInt(cells.get(9)));
  }

  private static <T extends Named> Optional<T> named(String label, T[] values) {
    if (label.equals(ANY)) {
      return Optional.empty();
    }
    Optional<T> found = Arrays.stream(values).filter(v -> v.label().equals(label)).findFirst();
    return Optional.of(
        found.orElseThrow(() -> new IllegalStateException("unknown in a range: " + label)));
  }
}
