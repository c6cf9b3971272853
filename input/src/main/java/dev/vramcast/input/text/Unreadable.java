package dev.vramcast.input.text;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that the system does not give. */
public final class Unreadable {

  private Unreadable() {}

  /** That there is no such file, that it is a directory, or what the system says. */
  public static InputException refusal(Path file, IOException cause) {
    String source = Shown.oneLine(file.toString());
    boolean absent = cause instanceof NoSuchFileException;
    return InputError.of(reason(file, cause))
        .kind(absent ? ErrorKind.NOT_FOUND : ErrorKind.UNREADABLE)
        .at(Place.of(source))
        .refusal(cause);
  }

  /** What the system says of something that it was asked about and did not open. */
  static InputException failure(Path path, String what, IOException cause) {
    String source = Shown.oneLine(path.toString());
    return InputError.of(what, ": ", Disk.reason(cause))
        .kind(ErrorKind.UNREADABLE)
        .at(Place.of(source))
        .refusal(cause);
  }

  private static String reason(Path file, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "no such file";
    }
    return Files.isDirectory(file) ? "is a directory" : "cannot be read: " + Disk.reason(cause);
  }
}
