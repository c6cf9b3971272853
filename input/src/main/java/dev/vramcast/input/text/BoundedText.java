package dev.vramcast.input.text;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import java.nio.file.Path;

/**
 * Text of a size that cannot hurt.
 *
 * @param maxBytes files and texts above this size are refused
 * @param empty what is wrong with one that says nothing
 */
public record BoundedText(int maxBytes, ErrorKind empty) {

  private static final int LONGEST_NAME = 76;

  public BoundedText {
    if (maxBytes < 1 || maxBytes == Integer.MAX_VALUE) {
      throw new IllegalArgumentException("maxBytes " + maxBytes);
    }
  }

  /** Bounds of a text that has to say something. */
  public BoundedText(int maxBytes) {
    this(maxBytes, ErrorKind.MALFORMED);
  }

  /** The name of a file in messages; of a long path the end, which tells most. */
  public static String name(Path file) {
    String text = file.toString();
    int cut = text.length() - LONGEST_NAME;
    return Shown.oneLine(cut > 0 ? "..." + text.substring(cut) : text);
  }

  /** The content of a file, which must be UTF-8. */
  public String of(Path file) {
    Place place = Place.of(file.toString());
    return checked(Utf8.decode(BoundedFile.bytes(file, maxBytes), place), name(file));
  }

  /** The text without its byte order mark; one that says nothing is refused. */
  public String checked(String text, String source) {
    // A character takes at least one byte, so this never refuses what a file of the size may hold.
    if (text.length() > maxBytes) {
      throw BoundedFile.tooLong(maxBytes).at(Place.of(source)).refusal();
    }
    String content = Utf8.plain(text);
    if (content.isBlank()) {
      throw InputError.of("is empty").at(Place.of(source)).kind(empty).refusal();
    }
    return content;
  }
}
