package dev.vramcast.input.text;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes bytes as UTF-8, strictly: what is none is not guessed. */
public final class Utf8 {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private Utf8() {}

  /**
   * The text that bytes are, without a byte order mark.
   *
   * @throws dev.vramcast.core.input.InputException when they are none
   */
  public static String decode(byte[] bytes, Place place) {
    return plain(
        tried(bytes)
            .orElseThrow(
                () ->
                    InputError.of("is not UTF-8 text")
                        .kind(ErrorKind.MALFORMED)
                        .at(place)
                        .hint("save it as UTF-8")
                        .refusal()));
  }

  /** As {@link #decode}, but empty when they are none, and with the mark. */
  public static Optional<String> tried(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** A text without a byte order mark. */
  public static String plain(String text) {
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }
}
