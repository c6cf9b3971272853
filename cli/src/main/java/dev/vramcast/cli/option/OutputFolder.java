package dev.vramcast.cli.option;

import dev.vramcast.core.input.InputError;
import dev.vramcast.formats.file.WholeFile;
import dev.vramcast.input.disk.Disk;
import java.nio.file.Files;
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
   * Writes all files, each whole; nothing when one that is there may not be replaced.
   *
   * @param texts by plain names
   * @return the paths
   */
  List<String> write(Map<String, String> texts, Overwrite overwrite) {
    texts.keySet().forEach(name -> overwrite.check(path.resolve(name)));
    List<String> written = new ArrayList<>();
    WholeFile.writeAll(path, texts, Disk.real()).forEach(file -> written.add(file.toString()));
    return written;
  }
}
