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
    return limit >= MEBIBYTE
        ? InputError.of("is longer than ", limit / MEBIBYTE, " MiB").kind(ErrorKind.MALFORMED)
        : InputError.of("is longer than ", limit, " bytes").kind(ErrorKind.MALFORMED);
  }
}
