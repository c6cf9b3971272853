package dev.vramcast.formats.tree;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Text of a size that cannot hurt.
 *
 * @param maxBytes files and texts above this size are refused
 */
public record BoundedText(int maxBytes) {

  private static final int LONGEST_NAME = 76;

  public BoundedText {
    if (maxBytes < 1 || maxBytes == Integer.MAX_VALUE) {
      throw new IllegalArgumentException("maxBytes " + maxBytes);
    }
  }

  /** The name of a file in messages; of a long path the end, which tells most. */
  public static String name(Path file) {
    String text = file.toString();
    int cut = text.length() - LONGEST_NAME;
    return Shown.oneLine(cut > 0 ? "..." + text.substring(cut) : text);
  }

  /** The content of a file, which must be UTF-8. */
  public String of(Path file) {
    String source = name(file);
    return checked(utf8(bytes(file, source), source), source);
  }

  /** The text without its byte order mark; one that says nothing is refused. */
  public String checked(String text, String source) {
    // A character takes at least one byte, so this never refuses what a file of the size may hold.
    if (text.length() > maxBytes) {
      throw tooLong(source);
    }
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (content.isBlank()) {
      throw InputError.of("is empty").at(Place.of(source)).refusal();
    }
    return content;
  }

  private byte[] bytes(Path file, String source) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw tooLong(source);
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw InputError.of("no such file").at(Place.of(source)).refusal(e);
    } catch (IOException e) {
      String reason = Files.isDirectory(file) ? "is a directory" : "cannot be read";
      throw InputError.of(reason).at(Place.of(source)).refusal(e);
    }
  }

  private InputException tooLong(String source) {
    return InputError.of("is longer than ", maxBytes, " bytes").at(Place.of(source)).refusal();
  }

  private static String utf8(byte[] bytes, String source) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw InputError.of("is not UTF-8 text").at(Place.of(source)).refusal(e);
    }
  }
}
