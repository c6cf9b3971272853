package dev.vramcast.formats.correction;

import dev.vramcast.core.calibration.JobScope;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads sections line by line. */
final class SectionParser {

  private static final int LONGEST_LINE = 500;
  private static final List<String> KEYS =
      Stream.concat(SectionValues.KEYS.stream(), JobScope.NAMES.stream()).toList();

  private final String source;
  private final List<CorrectionSection> sections = new ArrayList<>();
  private final Map<String, SectionValues.Line> values = new LinkedHashMap<>();
  private String name = "";
  private int firstLine;
  private int lastLine;

  SectionParser(String source) {
    this.source = source;
  }

  List<CorrectionSection> parse(String text) {
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      line(line.strip(), number);
    }
    end();
    return List.copyOf(sections);
  }

  private void line(String line, int number) {
    if (line.length() > LONGEST_LINE) {
      throw failure(number, "longer than " + LONGEST_LINE + " characters");
    }
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    if (line.startsWith("[")) {
      end();
      begin(line, number);
    } else {
      value(line, number);
    }
    lastLine = number;
  }

  private void begin(String line, int number) {
    String inside = line.endsWith("]") ? line.substring(1, line.length() - 1) : "";
    if (!inside.matches(SavedCorrection.NAME)) {
      throw InputError.value(line, " is no name in brackets")
          .kind(ErrorKind.MALFORMED)
          .at(Place.of(source, number))
          .allowed("up to 64 letters, digits, points, hyphens and underscores")
          .refusal();
    }
    boolean twice =
        sections.stream().anyMatch(section -> section.correction().name().equals(inside));
    if (twice) {
      throw failure(number, "the name '" + inside + "' is there twice");
    }
    name = inside;
    firstLine = number;
  }

  private void value(String line, int number) {
    int sign = line.indexOf('=');
    if (name.isEmpty() || sign < 0) {
      throw failure(
          number, Shown.given(line) + (name.isEmpty() ? " stands before any name" : " has no ="));
    }
    String key = line.substring(0, sign).strip();
    if (!KEYS.contains(key)) {
      throw InputError.unknown("key", key, KEYS).at(Place.of(source, number)).refusal();
    }
    String value = line.substring(sign + 1).strip();
    if (values.put(key, new SectionValues.Line(value, number)) != null) {
      throw failure(number, key + " is given twice");
    }
  }

  private void end() {
    if (!name.isEmpty()) {
      SavedCorrection correction = new SectionValues(source, name, firstLine, values).correction();
      sections.add(new CorrectionSection(correction, firstLine, lastLine));
    }
    values.clear();
    name = "";
  }

  private InputException failure(int line, String what) {
    return InputError.of(what).kind(ErrorKind.MALFORMED).at(Place.of(source, line)).refusal();
  }
}
