package dev.vramcast.input.text;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Reads files of text. */
public final class TextFile {

  /** Bytes of the largest file; the largest published catalogue has 4.6 million. */
  public static final int MAX_BYTES = 32 << 20;

  private static final byte[] ZIP = {'P', 'K', 3, 4};

  private TextFile() {}

  /**
   * The text of a file in UTF-8, with or without a byte order mark.
   *
   * @throws InputException when it is none, cannot be read or is too large
   */
  public static String read(Path file) {
    return decode(file.toString(), BoundedFile.bytes(file, MAX_BYTES));
  }

  static String decode(String source, byte[] bytes) {
    if (bytes.length >= ZIP.length && ByteBuffer.wrap(bytes, 0, 4).equals(ByteBuffer.wrap(ZIP))) {
      throw InputError.of("is a zip archive")
          .kind(ErrorKind.MALFORMED)
          .at(Place.of(source))
          .hint("unpack it and give the file in it")
          .refusal();
    }
    return Utf8.decode(bytes, Place.of(source));
  }
}
