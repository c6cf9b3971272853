package dev.vramcast.input.text;

import dev.vramcast.core.input.Place;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Cuts a stream that may be hostile into lines of bounded length, up to a bound on all of them. */
public final class TextLines implements Closeable {

  /** The longest line of a file of rows, in bytes. */
  public static final int LONGEST = 1 << 20;

  private static final int BUFFER = 1 << 16;

  /**
   * A line that says itself what is wrong with it.
   *
   * @param number counted from 1
   * @param text empty where {@code fault} says what is wrong with it
   */
  public record Line(long number, String text, String fault) {}

  private final InputStream in;
  private final String source;
  private final int longest;
  private final long most;
  private final byte[] buffer = new byte[BUFFER];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(BUFFER);
  private int next;
  private int end;
  private long number;
  private long before;
  private boolean cutShort;
  private boolean blank;

  /**
   * Lines of a stream.
   *
   * @param longest bytes of a line
   * @param most bytes after which no further line is begun
   */
  public TextLines(InputStream in, String source, int longest, long most) {
    this.in = in;
    this.source = source;
    this.longest = longest;
    this.most = most;
  }

  /** All lines of a file, none of which may be longer than {@link #LONGEST}. */
  public static TextLines of(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    return new TextLines(in, BoundedText.name(file), LONGEST, Long.MAX_VALUE);
  }

  /**
   * The bytes of the next line that is not blank, or null at the end or behind the bound.
   *
   * @throws dev.vramcast.core.input.InputException when it is too long
   */
  public byte @Nullable [] next() throws IOException {
    while (begin()) {
      if (!read(false)) {
        throw BoundedFile.tooLong("the line ", longest).at(place()).refusal();
      }
      if (!blank) {
        return line.toByteArray();
      }
    }
    return null;
  }

  /** The next line, blank or faulty as it may be; null at the end or behind the bound. */
  public @Nullable Line row() throws IOException {
    if (!begin()) {
      return null;
    }
    if (!read(true)) {
      return new Line(number, "", "is longer than " + longest + " bytes");
    }
    return Utf8.tried(line.toByteArray())
        .map(text -> new Line(number, number == 1 ? Utf8.plain(text) : text, ""))
        .orElseGet(() -> new Line(number, "", "is not UTF-8 text"));
  }

  /** Whether lines were left out because of the bound. */
  public boolean isCutShort() {
    return cutShort;
  }

  /** The place of the line that was read last. */
  public Place.Line place() {
    return Place.of(source, number);
  }

  private boolean begin() throws IOException {
    if (!fill()) {
      return false;
    }
    if (before + next >= most) {
      cutShort = true;
      return false;
    }
    line.reset();
    blank = true;
    number++;
    return true;
  }

  /**
   * Reads a line, or tells that it is too long.
   *
   * @param passesOver whether the rest of one that is too long is passed over
   */
  private boolean read(boolean passesOver) throws IOException {
    boolean tooLong = false;
    while (fill()) {
      int start = next;
      while (next < end && buffer[next] != '\n') {
        blank &= buffer[next] == ' ' || buffer[next] == '\t' || buffer[next] == '\r';
        next++;
      }
      tooLong |= line.size() + next - start > longest;
      if (tooLong && !passesOver) {
        return false;
      }
      if (!tooLong) {
        line.write(buffer, start, next - start);
      }
      if (next < end) {
        next++;
        break;
      }
    }
    return !tooLong;
  }

  private boolean fill() throws IOException {
    if (next < end) {
      return true;
    }
    before += end;
    next = 0;
    // A read that fails leaves nothing, lest what was read before is read again.
    end = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
