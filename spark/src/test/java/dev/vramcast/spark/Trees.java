package dev.vramcast.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders with all that is in them. */
final class Trees {

  private Trees() {}

  static void copy(Path from, Path to) throws IOException {
    for (Path each : all(from)) {
      Path target = to.resolve(from.relativize(each).toString());
      if (Files.isDirectory(each)) {
        Files.createDirectories(target);
      } else {
        Files.copy(each, target);
      }
    }
  }

  static void delete(Path folder) throws IOException {
    for (Path each : all(folder).stream().sorted(Comparator.reverseOrder()).toList()) {
      Files.delete(each);
    }
  }

  /** Names and sizes of the files in a folder, without what no two runs call alike. */
  static List<String> shape(Path folder) throws IOException {
    return all(folder).stream()
        .map(
            each -> {
              String name = folder.relativize(each).toString();
              String size = Files.isDirectory(each) ? "" : " " + each.toFile().length();
              return name.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}|\\d{5,}", "#") + size;
            })
        .sorted()
        .toList();
  }

  private static List<Path> all(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList();
    }
  }
}
