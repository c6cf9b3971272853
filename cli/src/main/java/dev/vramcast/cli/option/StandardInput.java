package dev.vramcast.cli.option;

import dev.vramcast.answers.request.JobTexts;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.input.text.BoundedFile;
import dev.vramcast.input.text.Utf8;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** What stands in standard input, which can be read once and is asked for more than once. */
final class StandardInput {

  private static final String NAME = "standard input";

  /** What a training file may have. */
  private static final int MOST_BYTES = 16 << 20;

  private record Read(InputStream source, String text) {}

  private static Optional<Read> last = Optional.empty();

  private StandardInput() {}

  static synchronized JobTexts.Text text() {
    InputStream source = System.in;
    Read read = last.filter(earlier -> earlier.source() == source).orElseGet(() -> read(source));
    last = Optional.of(read);
    return new JobTexts.Text(NAME, read.text());
  }

  private static Read read(InputStream source) {
    try {
      Place place = Place.of(NAME);
      return new Read(source, Utf8.decode(BoundedFile.bytes(source, MOST_BYTES, place), place));
    } catch (IOException e) {
      throw InputError.of("cannot be read")
          .at(Place.of(NAME))
          .kind(ErrorKind.UNREADABLE)
          .refusal(e);
    }
  }
}
