package dev.vramcast.formats.correction;

import dev.vramcast.core.calibration.Correction;
import dev.vramcast.core.calibration.JobScope;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The values of a section, each checked.
 *
 * @param firstLine of the section
 */
record SectionValues(String source, String name, int firstLine, Map<String, Line> values) {

  static final List<String> KEYS =
      List.of(
          SectionText.RUN,
          SectionText.DATE,
          SectionText.VERSION,
          SectionText.TENSORS,
          SectionText.ALLOCATOR,
          SectionText.OUTSIDE,
          SectionText.SPEED,
          SectionText.PARAMETERS,
          SectionText.TOKENS);

  /** What stands behind a key, and where. */
  record Line(String value, int number) {}

  SavedCorrection correction() {
    OptionalDouble speed =
        values.containsKey(SectionText.SPEED)
            ? OptionalDouble.of(factor(SectionText.SPEED))
            : OptionalDouble.empty();
    Correction correction =
        new Correction(
            factor(SectionText.TENSORS),
            factor(SectionText.ALLOCATOR),
            whole(SectionText.OUTSIDE, -Correction.MOST_OUTSIDE, Correction.MOST_OUTSIDE),
            speed);
    Map<String, String> code = new LinkedHashMap<>();
    JobScope.NAMES.forEach(key -> code.put(key, line(key).value()));
    return new SavedCorrection(
        name,
        Shown.printable(line(SectionText.RUN).value()),
        date(),
        line(SectionText.VERSION).value(),
        correction,
        new JobScope(
            code,
            whole(SectionText.PARAMETERS, 1, Long.MAX_VALUE),
            whole(SectionText.TOKENS, 1, Long.MAX_VALUE)));
  }

  private Line line(String key) {
    Line line = values.get(key);
    if (line == null || line.value().isEmpty()) {
      int number = line == null ? firstLine : line.number();
      throw about(key, number).and(" of '", name, "' is missing").kind(ErrorKind.MISSING).refusal();
    }
    return line;
  }

  private LocalDate date() {
    Line line = line(SectionText.DATE);
    try {
      return LocalDate.parse(line.value());
    } catch (DateTimeParseException e) {
      throw wrong(SectionText.DATE, line, "a day as 2026-11-25");
    }
  }

  private double factor(String key) {
    Line line = line(key);
    boolean number = line.value().matches("\\d{1,3}(\\.\\d{1,18})?");
    double factor = number ? Double.parseDouble(line.value()) : Double.NaN;
    if (!Correction.isPlausible(factor)) {
      throw wrong(key, line, "a factor from " + Correction.LEAST + " to " + Correction.MOST);
    }
    return factor;
  }

  private long whole(String key, long least, long most) {
    Line line = line(key);
    boolean number = line.value().matches("-?\\d{1,18}");
    if (!number || Long.parseLong(line.value()) < least || Long.parseLong(line.value()) > most) {
      throw wrong(key, line, "a whole number from " + least + " to " + most);
    }
    return Long.parseLong(line.value());
  }

  private InputError about(String key, int line) {
    return InputError.about(new Subject.Item(key)).at(Place.of(source, line));
  }

  private InputException wrong(String key, Line line, String allowed) {
    return about(key, line.number()).is(line.value()).allowed(allowed).refusal();
  }
}
