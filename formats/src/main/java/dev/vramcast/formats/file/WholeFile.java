package dev.vramcast.formats.file;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files so that a reader sees the old content or the new one, never half of it. */
public final class WholeFile {

  private WholeFile() {}

  /**
   * Writes UTF-8 text.
   *
   * @throws InputException when the file cannot be written
   */
  public static void write(Path file, String content) {
    Path target = file.toAbsolutePath();
    Path name = target.getFileName();
    if (name == null || Files.isDirectory(target)) {
      throw failure(file, "is a directory");
    }
    Path partial = target.resolveSibling("." + name + "." + ProcessHandle.current().pid() + ".tmp");
    try {
      Files.writeString(partial, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      move(partial, target);
    } catch (NoSuchFileException e) {
      throw failure(file, "cannot be written: no such directory");
    } catch (IOException e) {
      delete(partial);
      throw failure(file, "cannot be written: " + e.getClass().getSimpleName());
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void delete(Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      // What made the write fail is the message that helps.
    }
  }

  private static InputException failure(Path file, String what) {
    return InputError.of(what).at(Place.of(file.toString())).refusal();
  }
}
