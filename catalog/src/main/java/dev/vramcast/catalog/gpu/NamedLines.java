package dev.vramcast.catalog.gpu;

import java.util.AbstractMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table of this module by the names in their first cells, each read when it is first
 * asked for: a program that starts needs few of them. May be used by several threads.
 */
final class NamedLines<V> extends AbstractMap<String, V> {

  private final List<String> lines;
  private final Function<List<String>, Map<String, V>> reader;
  private final Map<String, V> known = new HashMap<>();

  /**
   * Of a table.
   *
   * @param lines the header, then a row a line
   * @param reader makes the rows of such lines by their names
   */
  NamedLines(List<String> lines, Function<List<String>, Map<String, V>> reader) {
    this.lines = lines;
    this.reader = reader;
  }

  @Override
  public synchronized @Nullable V get(Object name) {
    V value = known.get(name);
    if (value == null) {
      for (int i = 1; i < lines.size() && value == null; i++) {
        if (name(lines.get(i)).equals(name)) {
          value = reader.apply(List.of(lines.get(0), lines.get(i))).get(name);
          known.put((String) name, value);
        }
      }
    }
    return value;
  }

  @Override
  public Set<Entry<String, V>> entrySet() {
    Set<Entry<String, V>> entries = new LinkedHashSet<>();
    for (String line : lines.subList(1, lines.size())) {
      entries.add(Map.entry(name(line), get(name(line))));
    }
    return entries;
  }

  private static String name(String line) {
    return line.substring(0, line.indexOf('\t'));
  }
}
