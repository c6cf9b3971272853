package dev.vramcast.input.text;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.input.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

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
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw tooLong(limit).at(place).refusal();
      }
      return bytes;
    } catch (IOException e) {
      throw Unreadable.refusal(file, e);
    }
  }

  /** The JSON object in a file, with the same limit. */
  public static Map<String, Object> object(Path file, int limit) {
    return Json.object(file.toString(), bytes(file, limit));
  }

  static InputError tooLong(int limit) {
    return limit >= MEBIBYTE
        ? InputError.of("is longer than ", limit / MEBIBYTE, " MiB")
        : InputError.of("is longer than ", limit, " bytes");
  }
}
