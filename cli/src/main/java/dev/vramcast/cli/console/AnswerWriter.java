package dev.vramcast.cli.console;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes text to a stream, and knows why that failed, which a plain writer does not. */
public final class AnswerWriter extends PrintWriter {

  private final Kept stream;

  private AnswerWriter(Kept stream) {
    super(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
    this.stream = stream;
  }

  /** A writer of UTF-8. */
  public static AnswerWriter to(OutputStream stream) {
    return new AnswerWriter(new Kept(stream));
  }

  /** What went wrong last. */
  Optional<IOException> failure() {
    return Optional.ofNullable(stream.failure);
  }

  /** Keeps what went wrong. */
  private static final class Kept extends FilterOutputStream {

    /** Null as long as nothing went wrong. */
    private @Nullable IOException failure;

    Kept(OutputStream stream) {
      super(stream);
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
      try {
        out.write(octets, from, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }
}
