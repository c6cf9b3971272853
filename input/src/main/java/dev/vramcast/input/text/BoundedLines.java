package dev.vramcast.input.text;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Lines of a file that may be hostile; of one that is too long, the rest is passed over. */
public final class BoundedLines implements Closeable {

  /** The longest line, in bytes. */
  public static final int LONGEST = 1 << 20;

  /**
   * A line.
   *
   * @param number counted from 1
   * @param text empty where {@code fault} says what is wrong with it
   */
  public record Line(long number, String text, String fault) {}

  private final InputStream in;
  private long number;

  /** Lines of a file. */
  public BoundedLines(Path file) throws IOException {
    in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
  }

  /** The next line; null behind the last. */
  public @Nullable Line next() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    int next = in.read();
    if (next < 0) {
      return null;
    }
    number++;
    boolean tooLong = false;
    while (next >= 0 && next != '\n') {
      tooLong |= bytes.size() == LONGEST;
      if (!tooLong) {
        bytes.write(next);
      }
      next = in.read();
    }
    return tooLong
        ? new Line(number, "", "is longer than " + LONGEST + " bytes")
        : decoded(bytes.toByteArray());
  }

  private Line decoded(byte[] bytes) {
    return Utf8.tried(bytes)
        .map(text -> new Line(number, number == 1 ? Utf8.plain(text) : text, ""))
        .orElseGet(() -> new Line(number, "", "is not UTF-8 text"));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
