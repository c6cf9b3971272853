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
 * The text form of the errors that ranges are made from: tab-separated, runs of one kind and source
 * a line, after comments that say where they come from and a line with the shrinkage. The last cell
 * holds their errors, e.g. {@code 0.998000 1.000000*12 >1.250000}: of one run, of twelve with the
 * same, and of one that ended out of memory, which is a bound.
 */
public final class RangeFile {

  private static final class Embedded {
    static final RangeTable INSTANCE = parse(Resources.lines("ranges/ranges.tsv"));
  }

  private static final String COMMENT = "#";
  static final String NONE = "-";
  private static final String SHRINKAGE = "shrinkage\t";
  static final char MORE = '>';
  static final char TIMES = '*';
  static final List<String> COLUMNS =
      List.of("figure", "framework", "model", "spread", "stage", "era", "source", "errors");

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
      reader.read(rows.get(i), errors);
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
    String last = "";
    for (RunError row : table.rows()) {
      String begin = begin(row);
      text.append(begin.equals(last) ? " " : (last.isEmpty() ? "" : "\n") + begin);
      text.append(error(row));
      last = begin;
    }
    return text.append(last.isEmpty() ? "" : "\n").toString();
  }

  /** What runs of one kind and source have in common. */
  private static String begin(RunError row) {
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
        "");
  }

  private static String error(RunError row) {
    return (row.bound() ? String.valueOf(MORE) : "")
        + String.format(Locale.ROOT, "%.6f", row.ratio())
        + (row.runs() == 1 ? "" : String.valueOf(TIMES) + row.runs());
  }

  private static String plain(String name) {
    return name.replaceAll("\\p{Cntrl}", " ");
  }
}
