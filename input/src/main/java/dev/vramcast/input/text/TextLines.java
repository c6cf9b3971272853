package dev.vramcast.input.text;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Cuts a stream into lines of bounded length, up to a bound on all of them. */
public final class TextLines {

  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final String source;
  private final int longest;
  private final long most;
  private final byte[] buffer = new byte[BUFFER];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(BUFFER);
  private int next;
  private int end;
  private int number;
  private long before;
  private boolean cutShort;

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

  /** The bytes of the next line that is not blank, or null at the end or behind the bound. */
  public byte @Nullable [] next() throws IOException {
    while (fill()) {
      if (before + next >= most) {
        cutShort = true;
        return null;
      }
      line.reset();
      number++;
      boolean blank = readLine();
      if (!blank) {
        return line.toByteArray();
      }
    }
    return null;
  }

  /** Whether lines were left out because of the bound. */
  public boolean isCutShort() {
    return cutShort;
  }

  /** The place of the line that was read last. */
  public Place.Line place() {
    return Place.of(source, number);
  }

  private boolean readLine() throws IOException {
    boolean blank = true;
    while (fill()) {
      int start = next;
      while (next < end && buffer[next] != '\n') {
        blank &= buffer[next] == ' ' || buffer[next] == '\t' || buffer[next] == '\r';
        next++;
      }
      if (line.size() + next - start > longest) {
        throw InputError.of("the line ")
            .and(BoundedFile.tooLong(longest).problem())
            .at(place())
            .refusal();
      }
      line.write(buffer, start, next - start);
      if (next < end) {
        next++;
        break;
      }
    }
    return blank;
  }

  private boolean fill() throws IOException {
    if (next < end) {
      return true;
    }
    before += end;
    next = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }
}
