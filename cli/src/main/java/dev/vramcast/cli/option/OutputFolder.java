package dev.vramcast.cli.option;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.formats.file.WholeFile;
import dev.vramcast.input.disk.Disk;
import dev.vramcast.input.text.Presence;
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
      throw InputError.value(text, " is no folder to write into").refusal();
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
      if (!force.isEmpty() && Presence.isThere(file, LinkOption.NOFOLLOW_LINKS)) {
        throw InputError.of("is there already")
            .at(Place.of(file.toString()))
            .hint(force, " replaces it")
            .refusal();
      }
    }
    List<String> written = new ArrayList<>();
    WholeFile.writeAll(path, texts, Disk.real()).forEach(file -> written.add(file.toString()));
    return written;
  }
}
