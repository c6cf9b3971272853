package dev.vramcast.catalog.range;

import dev.vramcast.catalog.Resources;
import dev.vramcast.core.input.Named;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.range.RunError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The text form of the errors that ranges are made from: tab-separated, runs with the same error a
 * line, after comments that say where they come from and a line with the shrinkage.
 */
public final class RangeFile {

  private static final class Embedded {
    static final RangeTable INSTANCE = parse(Resources.lines("ranges/ranges.tsv"));
  }

  private static final String COMMENT = "#";
  static final String NONE = "-";
  private static final String SHRINKAGE = "shrinkage\t";
  static final String MORE = "more than ";
  static final List<String> COLUMNS =
      List.of("figure", "framework", "model", "spread", "stage", "era", "source", "runs", "ratio");

  private RangeFile() {}

  /** The ranges that are part of this module, read at the first call. */
  public static RangeTable embedded() {
    return Embedded.INSTANCE;
  }

  /** Reads what {@link #text} wrote. */
  public static RangeTable parse(List<String> lines) {
    List<String> rows = new ArrayList<>(lines.size());
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith(COMMENT)) {
        rows.add(line);
      }
    }
    if (rows.isEmpty() || !rows.get(0).startsWith(SHRINKAGE)) {
      throw new IllegalStateException("ranges begin with no shrinkage");
    }
    RangeRows reader = new RangeRows();
    List<RunError> errors = new ArrayList<>(rows.size());
    for (int i = 2; i < rows.size(); i++) {
      errors.add(reader.row(rows.get(i)));
    }
    return new RangeTable(errors, Double.parseDouble(rows.get(0).substring(SHRINKAGE.length())));
  }

  /**
   * The file of a table.
   *
   * @param comments lines that say how it was made
   */
  public static String text(RangeTable table, List<String> comments) {
    StringBuilder text = new StringBuilder();
    comments.forEach(line -> text.append(COMMENT).append(' ').append(line).append('\n'));
    text.append(SHRINKAGE).append(table.shrinkage()).append('\n');
    text.append(String.join("\t", COLUMNS)).append('\n');
    table.rows().forEach(row -> text.append(line(row)).append('\n'));
    return text.toString();
  }

  private static String line(RunError row) {
    JobKind kind = row.kind();
    return String.join(
        "\t",
        row.figure().label(),
        plain(kind.framework()),
        kind.model().label(),
        kind.spread().label(),
        kind.stage().label(),
        kind.era().map(Named::label).orElse(NONE),
        plain(row.source()),
        String.valueOf(row.runs()),
        (row.bound() ? MORE : "") + String.format(Locale.ROOT, "%.6f", row.ratio()));
  }

  private static String plain(String name) {
    return name.replaceAll("\\p{Cntrl}", " ");
  }
}
