package dev.vramcast.cli.option;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.formats.file.WholeFile;
import dev.vramcast.input.disk.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A file that a command writes. What stands in its way is said before anything is computed. */
public record OutputFile(Path path) {

  public static OutputFile of(String text) {
    OutputFile file = anywhere(text);
    checkFolder(file.path);
    return file;
  }

  /** One whose folder may be made too. */
  static OutputFile anywhere(String text) {
    Path path = Paths.of(text);
    if (text.isBlank() || Files.isDirectory(path)) {
      throw InputError.value(text, " is a directory").allowed("a file to write").refusal();
    }
    return new OutputFile(path);
  }

  /** A picture, which is written as SVG alone. */
  public static OutputFile ofSvg(String text, Subject option) {
    OutputFile file = of(text);
    if (!text.toLowerCase(Locale.ROOT).endsWith(".svg")) {
      throw InputError.about(option).is(text).allowed("a name that ends in .svg").refusal();
    }
    return file;
  }

  /** Nothing is made that nobody asked for, such as a folder after a slip in its name. */
  public static void checkFolder(Path file) {
    Path folder = Disk.folderOf(file);
    if (!Files.isDirectory(folder)) {
      throw InputError.value(folder.toString(), " is no folder that is there")
          .kind(ErrorKind.NOT_FOUND)
          .at(Place.of(file.toString()))
          .hint("make it first")
          .refusal();
    }
  }

  /** Writes the whole text or nothing. */
  public void write(String text) {
    WholeFile.write(path, text);
  }
}
