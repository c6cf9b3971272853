package dev.vramcast.formats.training.registry;

import dev.vramcast.formats.training.text.TrainingFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Where Python finds the modules that a program imports. */
final class ModuleFiles {

  /** Where packages lie that are installed from their checkout. */
  static final String SOURCES = "src";

  private static final int MOST_FOLDERS = 8;

  private final Path folder;
  private final int above;
  private final Function<String, Optional<TrainingFile>> lookup;
  private final Map<String, Optional<TrainingFile>> found = new HashMap<>();

  /**
   * The modules beside a program.
   *
   * @param program its path
   * @param above how many folders above its own the one is that a command starts it from as a
   *     module
   * @param lookup finds files by the ends of their paths, some of which lie elsewhere
   */
  ModuleFiles(Path program, int above, Function<String, Optional<TrainingFile>> lookup) {
    this.folder = Objects.requireNonNullElse(program.getParent(), program);
    this.above = above;
    this.lookup = lookup;
  }

  /** The path that a file has; empty where its name is none. */
  static Optional<Path> path(String name) {
    try {
      return Optional.of(Path.of(name).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * The file of a module.
   *
   * @param dots in front of its name, by which it lies in a package around the program
   */
  Optional<TrainingFile> find(int dots, String module) {
    Path file = Path.of(module.replace('.', '/') + ".py");
    return roots(dots, file)
        .map(root -> root.resolve(file))
        .distinct()
        .flatMap(path -> at(path, file.getNameCount()).stream())
        .findFirst();
  }

  /** The program's folder, that of its command, sources, and what has its package. */
  private Stream<Path> roots(int dots, Path module) {
    if (dots > 0) {
      return around().skip(dots - 1L).limit(1);
    }
    Stream<Path> sources = around().limit(2).map(root -> root.resolve(SOURCES));
    Stream<Path> packages =
        around().filter(root -> folder.startsWith(root.resolve(module.getName(0))));
    return Stream.of(around().limit(1), around().skip(above).limit(1), sources, packages)
        .flatMap(Function.identity());
  }

  private Stream<Path> around() {
    return Stream.iterate(folder, Objects::nonNull, Path::getParent).limit(MOST_FOLDERS);
  }

  /** The file at a path, asked for by ends of the path. */
  private Optional<TrainingFile> at(Path path, int fewest) {
    int names = path.getNameCount();
    List<String> ends =
        IntStream.rangeClosed(fewest, Math.min(names, fewest + MOST_FOLDERS))
            .mapToObj(length -> path.subpath(names - length, names))
            .map(end -> end.toString().replace('\\', '/'))
            .toList();
    return ends.stream()
        .flatMap(end -> found.computeIfAbsent(end, lookup).stream())
        .filter(file -> path(file.name()).filter(path::equals).isPresent())
        .findFirst();
  }
}
