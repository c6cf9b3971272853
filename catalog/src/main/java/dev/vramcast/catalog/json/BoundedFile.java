package dev.vramcast.catalog.json;

import dev.vramcast.core.input.InputException;
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
        throw new InputException(file + ": larger than " + (limit >> 20) + " MiB");
      }
      return bytes;
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read: " + reason(e), e);
    }
  }

  /** The JSON object in a file, with the same limit. */
  public static Map<String, Object> object(Path file, int limit) {
    return Json.object(file.toString(), bytes(file, limit));
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "no such file"
        : e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
  }
}
