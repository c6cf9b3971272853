package dev.vramcast.catalog.speed;

import dev.vramcast.catalog.Resources;
import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.input.table.TsvTable;
import dev.vramcast.input.table.TypedRow;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The text form of fitted coefficients: tab-separated, one a line. */
public final class SpeedFile {

  private static final String FILE = "speed/coefficients.tsv";
  private static final List<String> COLUMNS =
      List.of("coefficient", "before", "value", "low", "high");

  private SpeedFile() {}

  /** The coefficients that are part of this module. */
  public static SpeedCoefficients embedded() {
    return coefficients(read(FILE, Resources.lines(FILE)));
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @param source names the file in messages
   */
  public static List<FittedCoefficient> read(String source, List<String> lines) {
    List<TypedRow> rows = TsvTable.read(source, lines, COLUMNS);
    TypedRow.refuseTwins(rows, "coefficient");
    return rows.stream().map(SpeedFile::fitted).toList();
  }

  /** The values, and those before any run where there is none. */
  public static SpeedCoefficients coefficients(List<FittedCoefficient> fitted) {
    return SpeedCoefficients.of(
        fitted.stream()
            .collect(Collectors.toMap(FittedCoefficient::key, FittedCoefficient::value)));
  }

  /** The file of some coefficients. */
  public static String text(List<FittedCoefficient> fitted) {
    String rows =
        fitted.stream()
            .map(
                each ->
                    String.join(
                        "\t",
                        each.key().label(),
                        number(each.key().before()),
                        number(each.value()),
                        number(each.low()),
                        number(each.high())))
            .collect(Collectors.joining("\n"));
    return String.join("\t", COLUMNS) + "\n" + rows + "\n";
  }

  private static FittedCoefficient fitted(TypedRow row) {
    SpeedCoefficient key = row.choice("coefficient", SpeedCoefficient.class);
    double before = stated(row, "before");
    if (before != key.before()) {
      throw row.failure("before", number(key.before()));
    }
    return new FittedCoefficient(
        key, stated(row, "value"), stated(row, "low"), stated(row, "high"));
  }

  private static double stated(TypedRow row, String column) {
    return row.number(column).orElseThrow(() -> row.failure(column, "a number"));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6f", value).replaceAll("\\.?0+$", "");
  }
}
