package dev.vramcast.cli.option;

import dev.vramcast.answers.request.JobTexts;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What stands in standard input, which can be read once and is asked for more than once. */
final class StandardInput {

  private static final String NAME = "standard input";

  /** One more than a training file may have, so that a longer text is refused as one. */
  private static final int MOST_BYTES = (16 << 20) + 1;

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
      byte[] content = source.readNBytes(MOST_BYTES);
      return new Read(source, new String(content, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw InputError.of("cannot be read").at(Place.of(NAME)).refusal(e);
    }
  }
}
