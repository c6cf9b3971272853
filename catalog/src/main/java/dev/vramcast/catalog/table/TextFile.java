package dev.vramcast.catalog.table;

import dev.vramcast.catalog.json.BoundedFile;
import dev.vramcast.core.input.InputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files of text. */
public final class TextFile {

  /** Bytes of the largest file; the largest published catalogue has 4.6 million. */
  public static final int MAX_BYTES = 32 << 20;

  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private TextFile() {}

  /**
   * The text of a file in UTF-8, with or without a byte order mark.
   *
   * @throws InputException when it is none, cannot be read or is too large
   */
  public static String read(Path file) {
    if (Files.isDirectory(file)) {
      throw new InputException(file + ": is a directory");
    }
    return decode(file.toString(), BoundedFile.bytes(file, MAX_BYTES));
  }

  static String decode(String source, byte[] bytes) {
    if (bytes.length >= ZIP.length && ByteBuffer.wrap(bytes, 0, 4).equals(ByteBuffer.wrap(ZIP))) {
      throw new InputException(source + ": is a zip archive; unpack it and give the file in it");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InputException(source + ": is not UTF-8 text; save it as UTF-8", e);
    }
  }
}
