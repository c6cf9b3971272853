package dev.vramcast.input.text;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** The lines of a stream, of which no more than so many bytes are kept. */
public final class BoundedLines {

  private final InputStream in;
  private final int mostBytes;

  /** Nothing is read yet. */
  public BoundedLines(InputStream in, int mostBytes) {
    this.in = new BufferedInputStream(in);
    this.mostBytes = mostBytes;
  }

  /** A line, or one byte more than are allowed where it is too long; empty at the end. */
  public Optional<byte[]> next() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return bytes.size() == 0 ? Optional.empty() : Optional.of(bytes.toByteArray());
      }
      if (bytes.size() <= mostBytes) {
        bytes.write(next);
      }
    }
    return Optional.of(bytes.toByteArray());
  }

  /** Hands on all lines to come. A stream that breaks has ended: nobody is there any more. */
  public void each(Consumer<byte[]> taker) {
    try {
      Optional<byte[]> line = next();
      while (line.isPresent()) {
        taker.accept(line.get());
        line = next();
      }
    } catch (IOException e) {
      // As above.
    }
  }
}
