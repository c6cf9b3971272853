package dev.vramcast.catalog.json;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Reads small files whole, and refuses large ones. */
public final class BoundedFile {

  private BoundedFile() {}

  /**
   * The bytes of a file.
   *
   * @throws InputException when it cannot be read or has more than {@code limit} bytes
   */
  public static byte[] bytes(Path file, int limit) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw InputError.of("larger than ", limit >> 20, " MiB")
            .at(Place.of(file.toString()))
            .refusal();
      }
      return bytes;
    } catch (IOException e) {
      throw InputError.of("cannot be read: ", reason(e)).at(Place.of(file.toString())).refusal(e);
    }
  }

  /** The JSON object in a file, with the same limit. */
  public static Map<String, Object> object(Path file, int limit) {
    return Json.object(file.toString(), bytes(file, limit));
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException ? "no such file" : Shown.cause(e);
  }
}
