package dev.vramcast.formats.file;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.input.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes files so that a reader sees the old content or the new one, never half of it, and sees the
 * new one after a loss of power too once they are written.
 */
public final class WholeFile {

  private WholeFile() {}

  /**
   * Writes UTF-8 text.
   *
   * @throws InputException when the file cannot be written
   */
  public static void write(Path file, String content) {
    write(file, content, Disk.real());
  }

  /** As {@link #write(Path, String)}, on a disk. */
  public static void write(Path file, String content, Disk disk) {
    Path target = file.toAbsolutePath();
    if (target.getFileName() == null || Files.isDirectory(target)) {
      throw failure(file, "is a directory");
    }
    try {
      disk.write(target, content.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw failure(file, "cannot be written: no such directory");
    } catch (IOException e) {
      throw failure(file, "cannot be written: " + Disk.reason(e));
    }
  }

  /**
   * Makes a folder, where it is not there, and writes files into it, each whole.
   *
   * @param texts by plain names
   * @return the files
   * @throws InputException when the folder cannot be made or a file not be written
   */
  public static List<Path> writeAll(Path folder, Map<String, String> texts, Disk disk) {
    try {
      disk.makeFolders(folder);
    } catch (IOException e) {
      throw failure(folder, "the folder cannot be made: " + Disk.reason(e));
    }
    List<Path> written = new ArrayList<>();
    texts.forEach(
        (name, text) -> {
          write(folder.resolve(name), text, disk);
          written.add(folder.resolve(name));
        });
    return written;
  }

  private static InputException failure(Path file, String what) {
    return InputError.of(what).kind(ErrorKind.UNREADABLE).at(Place.of(file.toString())).refusal();
  }
}
