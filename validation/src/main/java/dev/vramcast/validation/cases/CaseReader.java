package dev.vramcast.validation.cases;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.json.Json;
import dev.vramcast.input.text.TextLines;
import dev.vramcast.input.text.Unreadable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Reads case files, one line at a time. A line that is no case is refused as an {@link
 * InputException} that names file and line.
 *
 * @param longestLine bytes above which a line is refused
 */
public record CaseReader(int longestLine) {

  /** Some thousand times a usual line. */
  public static final int LONGEST_LINE = 8 << 20;

  public CaseReader() {
    this(LONGEST_LINE);
  }

  /** Hands each case of a file to {@code sink}, in order. */
  public void read(Path file, Consumer<Case> sink) {
    String source = Shown.oneLine(file.toString());
    try (InputStream in = Files.newInputStream(file)) {
      read(in, source, sink);
    } catch (IOException e) {
      throw Unreadable.refusal(file, e);
    }
  }

  /**
   * As {@link #read(Path, Consumer)}, from an open stream.
   *
   * @param source names the stream in messages
   */
  public void read(InputStream in, String source, Consumer<Case> sink) throws IOException {
    TextLines lines =
        new TextLines(new BufferedInputStream(in, 1 << 16), source, longestLine, Long.MAX_VALUE);
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      sink.accept(parse(line, lines.place()));
    }
  }

  private static Case parse(byte[] line, Place.Line place) {
    return parse(new CaseFields(new CaseLine(place, line), "", Json.object(place, line)));
  }

  static Case parse(CaseFields fields) {
    return new Case(
        fields.text("id"),
        fields.text("source", ""),
        fields.object("job").values(),
        measured(fields.object("measured")),
        fields.text("notes", ""));
  }

  private static Measured measured(CaseFields fields) {
    return new Measured(
        fields.whole("peak_bytes"),
        fields.choice("kind", MeasuredKind.values()),
        fields.choice("status", Status.values()),
        fields.choice("quality", Quality.values()),
        fields.wholes("phases"),
        fields.whole("total_parameters"),
        fields.whole("trainable_parameters"),
        new Measured.Speed(
            fields.aboveZero("tokens_per_second"),
            fields.choice("tokens_per_second_scope", SpeedScope.values(), SpeedScope.TOTAL)));
  }
}
