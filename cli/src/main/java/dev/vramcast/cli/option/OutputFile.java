package dev.vramcast.cli.option;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.formats.file.WholeFile;
import dev.vramcast.input.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a command writes. What stands in its way is said before anything is computed. */
public record OutputFile(Path path) {

  public static OutputFile of(String text) {
    Path path = Paths.of(text);
    if (text.isBlank() || Files.isDirectory(path)) {
      throw InputError.value(text, " is a directory").allowed("a file to write").refusal();
    }
    return new OutputFile(path);
  }

  /** Writes the whole text or nothing; folders above the file are made. */
  public void write(String text) {
    try {
      Disk.real().makeFolders(Disk.folderOf(path));
    } catch (IOException e) {
      throw InputError.of("the folder above cannot be made")
          .at(Place.of(path.toString()))
          .kind(ErrorKind.UNREADABLE)
          .refusal(e);
    }
    WholeFile.write(path, text);
  }
}
