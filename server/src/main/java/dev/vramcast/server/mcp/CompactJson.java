package dev.vramcast.server.mcp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The part of an answer's JSON that fits into a conversation. It has the names and the nesting of
 * the whole; where a list is cut, {@code left_out} says how many items are missing from which.
 */
final class CompactJson {

  /** Items that are kept of a list. */
  static final int MOST_ITEMS = 10;

  static final String CUT = "left_out_items";

  /** What explains where something comes from, or says again in other words what is said. */
  private static final Set<String> EXPLAINS =
      Set.of(
          "settings",
          "source",
          "note",
          "standing",
          "legal_because",
          "legal_because_about",
          "assumptions_about",
          "assumption_notices",
          "command",
          "notices",
          "notice",
          "missing");

  /** What each item would say, and the answer as a whole says once. */
  private static final Set<String> OF_THE_WHOLE =
      Set.of("as_of", "age_days_least", "age_days_most", "age_may_be_more");

  private CompactJson() {}

  /** Whether a key is kept where it stands uppermost. */
  static boolean keeps(String name) {
    return !EXPLAINS.contains(name);
  }

  static Map<String, Object> of(Map<String, Object> whole) {
    Map<String, Integer> cut = new LinkedHashMap<>();
    Map<String, Object> compact = object(whole, "", cut);
    if (!cut.isEmpty()) {
      compact.put(CUT, cut);
    }
    return compact;
  }

  private static Map<String, Object> object(
      Map<?, ?> whole, String path, Map<String, Integer> cut) {
    Map<String, Object> compact = new LinkedHashMap<>();
    whole.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          if (keeps(name) && (path.isEmpty() || !OF_THE_WHOLE.contains(name))) {
            compact.put(name, value(value, path.isEmpty() ? name : path + "." + name, cut));
          }
        });
    return compact;
  }

  private static Object value(Object value, String path, Map<String, Integer> cut) {
    if (value instanceof Map<?, ?> map) {
      return object(map, path, cut);
    }
    if (value instanceof List<?> list) {
      Stream<?> items = list.stream().limit(MOST_ITEMS);
      if (list.size() > MOST_ITEMS) {
        cut.merge(path, list.size() - MOST_ITEMS, Integer::sum);
      }
      return items.map(item -> value(item, path, cut)).toList();
    }
    return value;
  }
}
