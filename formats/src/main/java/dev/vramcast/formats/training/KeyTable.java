package dev.vramcast.formats.training;

import dev.vramcast.formats.training.KeyRow.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The keys of a format: a table with a key, its role, its target and a note on each line. */
public final class KeyTable {

  private final Map<String, KeyRow> rows;

  private KeyTable(Map<String, KeyRow> rows) {
    this.rows = Collections.unmodifiableMap(rows);
  }

  /** The table in a resource beside a class. */
  public static KeyTable of(Class<?> beside, String resource) {
    Map<String, KeyRow> rows = new LinkedHashMap<>();
    Table.rows(beside, resource).forEach((path, cells) -> rows.put(path, row(cells)));
    return new KeyTable(rows);
  }

  /** This table over another one, whose rows hold where this one has none. */
  public KeyTable over(KeyTable base) {
    Map<String, KeyRow> both = new LinkedHashMap<>(base.rows);
    both.putAll(rows);
    return new KeyTable(both);
  }

  /** The row of a key. */
  public Optional<KeyRow> row(String path) {
    return Optional.ofNullable(rows.get(path));
  }

  /** All rows in order. */
  public Collection<KeyRow> rows() {
    return rows.values();
  }

  /** Whether there are keys below a section. */
  public boolean isSection(String path) {
    return rows.keySet().stream().anyMatch(key -> key.startsWith(path + "."));
  }

  /** The names that a key goes by: its own, and older ones that are still taken. */
  public List<String> names(String path) {
    List<String> names = new ArrayList<>(List.of(path));
    rows.values().stream()
        .filter(row -> row.role() == Role.RENAMED && row.target().equals(path))
        .map(KeyRow::path)
        .forEach(names::add);
    return names;
  }

  private static KeyRow row(List<String> cells) {
    return new KeyRow(
        cells.get(0),
        Role.valueOf(cells.get(1).toUpperCase(Locale.ROOT)),
        cells.size() > 2 ? cells.get(2) : "",
        cells.size() > 3 ? cells.get(3) : "");
  }
}
