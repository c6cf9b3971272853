package dev.vramcast.formats.run;

import static dev.vramcast.core.units.Multiples.MIB;

import dev.vramcast.core.calibration.MeasuredBytes;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * {@code nvidia-smi --query-gpu=memory.used --format=csv}, with or without header and units. Rows
 * of a query that was repeated are all read; the highest counts.
 */
final class SmiCsv {

  private static final String USED = "memory.used";
  private static final int SEEN = 20;
  private static final Pattern ALONE = Pattern.compile("-?[\\d.]{1,20}( [A-Za-z]{1,5})?");
  private static final Pattern CELL = Pattern.compile("(-?[\\d.]{1,20}|nan)(?: (\\S{1,20}))?");

  private SmiCsv() {}

  static boolean isCsv(String text) {
    return header(text).contains(USED) || isAlone(text);
  }

  private static String header(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
  }

  /** A column of numbers; of a long text only the start is looked at. */
  private static boolean isAlone(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .limit(SEEN)
        .allMatch(line -> ALONE.matcher(line).matches());
  }

  static Run read(String text, String source) {
    List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    boolean header = lines.get(0).contains(USED);
    List<String> names = header ? cells(lines.get(0)) : List.of(USED);
    int column =
        IntStream.range(0, names.size())
            .filter(i -> names.get(i).startsWith(USED))
            .findFirst()
            .orElseThrow(
                () ->
                    InputError.of("a header of nvidia-smi without a column ", USED)
                        .kind(ErrorKind.MALFORMED)
                        .at(Place.of(source, 1))
                        .refusal());
    String unit = header ? names.get(column).replaceAll(".*\\[|\\].*", "") : "MiB";
    if (header && lines.size() == 1) {
      throw InputError.of("a header of nvidia-smi without rows, so it is cut off")
          .at(Place.of(source))
          .kind(ErrorKind.MALFORMED)
          .refusal();
    }
    RunBuilder run = new RunBuilder(source);
    for (int i = header ? 1 : 0; i < lines.size(); i++) {
      Place place = Place.of(source, i + 1);
      InputError about = InputError.about(new Subject.Item(USED)).at(place);
      List<String> cells = cells(lines.get(i));
      if (cells.size() != names.size()) {
        throw InputError.of(cells.size(), " cells")
            .kind(ErrorKind.MALFORMED)
            .at(place)
            .allowed(names.size(), ", as many as columns")
            .refusal();
      }
      run.highest(RunFigure.DEVICE, bytes(cells.get(column), unit, about, source));
    }
    if (!header) {
      run.note("Numbers without a header are taken for the memory.used of nvidia-smi, in MiB.");
    }
    return run.note(Smi.MOMENT).build();
  }

  private static MeasuredBytes bytes(
      String cell, String headerUnit, InputError about, String source) {
    Matcher match = CELL.matcher(cell);
    if (!match.matches()) {
      throw about.is(cell).and(", which is no amount of memory").refusal();
    }
    String unit = match.group(2) == null ? headerUnit : match.group(2);
    if (!unit.equals("MiB")) {
      throw about
          .and(" has the unit ", Shown.given(unit))
          .allowed("MiB, as nvidia-smi writes it")
          .refusal();
    }
    return Amount.bytes(match.group(1), MIB, about, source);
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.split(",", -1)).map(String::strip).toList();
  }
}
