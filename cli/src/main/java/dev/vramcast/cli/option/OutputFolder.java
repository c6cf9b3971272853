package dev.vramcast.cli.option;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A folder that a command writes files into. */
record OutputFolder(Path path) {

  static OutputFolder of(String text) {
    Path path = Paths.of(text);
    if (text.isBlank() || Files.exists(path) && !Files.isDirectory(path)) {
      throw new InputException(Shown.given(text) + " is no folder to write into");
    }
    return new OutputFolder(path);
  }

  /**
   * Writes all files, each whole; nothing when one of them is there already.
   *
   * @param texts by plain names
   * @param force the option that allows to replace files; empty when it is given
   * @return the paths
   */
  List<String> write(Map<String, String> texts, String force) {
    for (String name : texts.keySet()) {
      Path file = path.resolve(name);
      if (!force.isEmpty() && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new InputException(
            Shown.oneLine(file.toString()) + " is there already, " + force + " replaces it");
      }
    }
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new InputException(Shown.oneLine(path.toString()) + ": the folder cannot be made", e);
    }
    List<String> written = new ArrayList<>();
    texts.forEach(
        (name, text) -> {
          WholeFile.write(path.resolve(name), text);
          written.add(path.resolve(name).toString());
        });
    return written;
  }
}
