package dev.vramcast.input.text;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads small files whole, and refuses large ones. */
public final class BoundedFile {

  private static final int MEBIBYTE = 1 << 20;

  private BoundedFile() {}

  /**
   * The bytes of a file.
   *
   * @throws InputException when it cannot be read or has more than {@code limit} bytes
   */
  public static byte[] bytes(Path file, int limit) {
    Place place = Place.of(file.toString());
    try (InputStream in = Files.newInputStream(file)) {
      return bytes(in, limit, place);
    } catch (IOException e) {
      throw Unreadable.refusal(file, e);
    }
  }

  /**
   * The rest of a stream, with the same limit.
   *
   * @throws InputException when it has more
   */
  public static byte[] bytes(InputStream in, int limit, Place place) throws IOException {
    byte[] bytes = in.readNBytes(limit + 1);
    if (bytes.length > limit) {
      throw tooLong(limit).at(place).refusal();
    }
    return bytes;
  }

  static InputError tooLong(int limit) {
    return tooLong("", limit);
  }

  /** That something, named with a blank behind it, is too long. */
  static InputError tooLong(String what, int limit) {
    boolean large = limit >= MEBIBYTE;
    return InputError.of(what, "is longer than ", large ? limit / MEBIBYTE : limit)
        .and(large ? " MiB" : " bytes")
        .kind(ErrorKind.MALFORMED);
  }
}
