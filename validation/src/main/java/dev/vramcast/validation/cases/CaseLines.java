package dev.vramcast.validation.cases;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Cuts a stream into lines of bounded length. */
final class CaseLines {

  private final InputStream in;
  private final String source;
  private final int longest;
  private int number;

  CaseLines(InputStream in, String source, int longest) {
    this.in = in;
    this.source = source;
    this.longest = longest;
  }

  /** The bytes of the next line that is not blank, or null at the end. */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(2048);
    boolean blank = true;
    int next = in.read();
    while (next >= 0) {
      if (line.size() == 0) {
        number++;
      }
      if (next != '\n') {
        blank &= next == ' ' || next == '\t' || next == '\r';
        add(line, next);
      } else if (blank) {
        line.reset();
      } else {
        return line.toByteArray();
      }
      next = in.read();
    }
    return blank ? null : line.toByteArray();
  }

  /** The place of the line that was read last. */
  Place.Line place() {
    return Place.of(source, number);
  }

  private void add(ByteArrayOutputStream line, int next) {
    if (line.size() == longest) {
      throw InputError.of("the line is longer than ", longest, " bytes").at(place()).refusal();
    }
    line.write(next);
  }
}
