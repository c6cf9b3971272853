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
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** A file that a command writes. What stands in its way is said before anything is computed. */
public record OutputFile(Path path) {

  /** The file that an option names; empty when it is not given. */
  public static Optional<OutputFile> of(ParseResult arguments, String option) {
    return Options.value(arguments, option).map(text -> of(text, Overwrite.of(arguments)));
  }

  /** The picture that an option names, which is written as SVG alone. */
  public static Optional<OutputFile> ofSvg(ParseResult arguments, String option) {
    Optional<OutputFile> file = of(arguments, option);
    Options.value(arguments, option)
        .filter(text -> !text.toLowerCase(Locale.ROOT).endsWith(".svg"))
        .ifPresent(
            text -> {
              throw InputError.about(Subject.option(option))
                  .is(text)
                  .allowed("a name that ends in .svg")
                  .refusal();
            });
    return file;
  }

  /** A file that is there already is refused unless it may be replaced. */
  public static OutputFile of(String text, Overwrite overwrite) {
    Path path = path(text);
    checkFolder(path);
    overwrite.check(path);
    return new OutputFile(path);
  }

  /** The path of a file to write, which may be there, and whose folder may not. */
  static Path path(String text) {
    Path path = Paths.of(text);
    if (text.isBlank() || Files.isDirectory(path)) {
      throw InputError.value(text, " is a directory").allowed("a file to write").refusal();
    }
    return path;
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
