package dev.vramcast.cli.option;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.file.WholeFile;
import dev.vramcast.input.disk.Disk;
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
      throw InputError.of(Shown.given(text), " is no folder to write into").refusal();
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
        throw InputError.of("is there already")
            .at(Place.of(file.toString()))
            .hint(force, " replaces it")
            .refusal();
      }
    }
    try {
      Disk.real().makeFolders(path);
    } catch (IOException e) {
      throw InputError.of("the folder cannot be made").at(Place.of(path.toString())).refusal(e);
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
