package dev.vramcast.formats.dataset;

import dev.vramcast.core.data.CharactersPerToken;
import dev.vramcast.core.data.LengthCounter;
import dev.vramcast.core.data.TokenCounter;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.text.TextLines;
import dev.vramcast.input.text.Unreadable;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Measures the examples of a JSONL file, one JSON object a line, plain or compressed by gzip.
 * Memory does not grow with the file.
 *
 * @param longestLine bytes of a line; a longer one is refused
 * @param mostBytes of text after which no further line is read
 * @param countedCharacters that a tokenizer counts before the rest is guessed
 */
public record DatasetReader(int longestLine, long mostBytes, long countedCharacters) {

  private static final int LONGEST_LINE = 16 << 20;
  private static final long MOST_BYTES = 1L << 30;
  private static final long COUNTED_CHARACTERS = 16L << 20;
  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int BYTE_ORDER_MARK = 0xefbbbf;

  /** Bounds that a fine-tuning set stays far below: lines of 16 MiB, 1 GiB of text. */
  public DatasetReader() {
    this(LONGEST_LINE, MOST_BYTES, COUNTED_CHARACTERS);
  }

  /**
   * The lengths of a file's examples.
   *
   * @throws InputException naming the line when the file cannot be read or a line holds no example
   */
  public DatasetLengths read(Path file, TokenCounter counter) {
    String source = Shown.oneLine(file.toString());
    try (InputStream bytes = buffered(Files.newInputStream(file));
        InputStream text = text(bytes)) {
      return read(new TextLines(text, source, longestLine, mostBytes), source, counter);
    } catch (ZipException | EOFException e) {
      throw InputError.of("the compressed data are damaged or cut off")
          .at(Place.of(source))
          .kind(ErrorKind.MALFORMED)
          .refusal(e);
    } catch (IOException e) {
      throw Unreadable.refusal(file, e);
    }
  }

  private DatasetLengths read(TextLines lines, String source, TokenCounter tokens)
      throws IOException {
    ExampleCounter counter = new ExampleCounter(tokens, countedCharacters);
    LengthCounter lengths = new LengthCounter();
    Set<String> shapes = new LinkedHashSet<>();
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      Example example = RecordParser.parse(line, lines.place());
      shapes.add(example.shape());
      lengths.add(counter.count(example));
    }
    if (lengths.tokens() == 0) {
      throw InputError.of("holds no examples")
          .at(Place.of(source))
          .kind(ErrorKind.MALFORMED)
          .refusal();
    }
    return new DatasetLengths(
        source,
        lengths.lengths(),
        new ArrayList<>(shapes),
        !lines.isCutShort(),
        !(tokens instanceof CharactersPerToken),
        counter.guessedBy());
  }

  private static InputStream text(InputStream bytes) throws IOException {
    InputStream text = peek(bytes, 2) == GZIP_MAGIC ? buffered(new GZIPInputStream(bytes)) : bytes;
    if (peek(text, 3) == BYTE_ORDER_MARK) {
      text.skipNBytes(3);
    }
    return text;
  }

  private static InputStream buffered(InputStream in) {
    return new BufferedInputStream(in, 1 << 16);
  }

  /** The next bytes, which stay in the stream, as one number. */
  private static int peek(InputStream in, int count) throws IOException {
    in.mark(count);
    int value = 0;
    for (byte next : in.readNBytes(count)) {
      value = value << 8 | next & 0xff;
    }
    in.reset();
    return value;
  }
}
