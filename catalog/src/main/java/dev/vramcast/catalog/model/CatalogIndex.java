package dev.vramcast.catalog.model;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which file holds which entry, and which names lead to it: small enough to be read at every start,
 * so that only one file of entries needs to be parsed.
 *
 * @param files the file of each catalogue name, in the order of the catalogue
 * @param keys the catalogue name of each name, alias and Hub id, in lower case
 * @param lastParts the catalogue name of each Hub id without its owner; where two owners have the
 *     same, the first in the catalogue
 */
record CatalogIndex(
    Map<String, String> files, Map<String, String> keys, Map<String, String> lastParts) {

  /** Reads lines of {@code name TAB file TAB aliases and Hub ids, separated by blanks}. */
  static CatalogIndex parse(List<String> lines) {
    CatalogIndex index =
        new CatalogIndex(new LinkedHashMap<>(), new HashMap<>(), new LinkedHashMap<>());
    for (String line : lines) {
      String[] cells = line.split("\t");
      index.files.put(cells[0], cells[1]);
      index.keys.put(cells[0], cells[0]);
      for (String key : cells[2].split(" ")) {
        String lower = lower(key);
        index.keys.putIfAbsent(lower, cells[0]);
        index.lastParts.putIfAbsent(lastPart(lower), cells[0]);
      }
    }
    return index;
  }

  /** The entry that is known by exactly this name, alias or Hub id, with or without owner. */
  Optional<String> exact(String name) {
    String lower = lower(name);
    String found = keys.get(lower);
    return Optional.ofNullable(
        found != null || lower.indexOf('/') >= 0 ? found : lastParts.get(lower));
  }

  /** The entry known by this name when its owner is left aside. */
  Optional<String> byLastPart(String part) {
    return exact(part);
  }

  /** The entry that alone has a name of these letters and digits, whatever stands between them. */
  Optional<String> spelt(String name) {
    String letters = letters(lower(name));
    Set<String> found =
        Stream.concat(keys.entrySet().stream(), lastParts.entrySet().stream())
            .filter(known -> letters(known.getKey()).equals(letters))
            .map(Map.Entry::getValue)
            .collect(Collectors.toSet());
    return found.size() == 1 ? found.stream().findFirst() : Optional.empty();
  }

  private static String letters(String name) {
    return name.replaceAll("[^a-z0-9]", "");
  }

  /** The first of these last parts for each catalogue name that they lead to. */
  List<String> oneOfEach(List<String> parts) {
    Map<String, String> first = new LinkedHashMap<>();
    parts.forEach(part -> first.putIfAbsent(lastParts.get(part), part));
    return List.copyOf(first.values());
  }

  Set<String> names() {
    return files.keySet();
  }

  static String lastPart(String id) {
    return id.substring(id.lastIndexOf('/') + 1);
  }

  static String lower(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }
}
