package dev.vramcast.answers.record;

import java.util.List;
import java.util.Optional;

/**
 * A component of an answer with what it holds.
 *
 * @param name as programs read it
 * @param shape how its values are told
 * @param meaning empty where nothing says so
 * @param values that of each record that has the component; empty where it holds none
 */
public record Figure(
    String name, Shape shape, Optional<String> meaning, List<Optional<Object>> values) {

  /**
   * The components of a record, or of those in a list.
   *
   * @param path as programs reach it, e.g. {@code memory.episodes[]}; empty for the answer itself
   * @param meaning empty where nothing says so
   */
  public record Group(String path, Optional<String> meaning, List<Figure> figures) {}
}
