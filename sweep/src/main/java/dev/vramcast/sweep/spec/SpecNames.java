package dev.vramcast.sweep.spec;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.tree.Node;
import java.util.List;

/**
 * Names in a spec.
 *
 * @param all whether all there are were asked for
 * @param origin where they stand; empty where nothing was asked for
 */
record SpecNames(boolean all, List<String> names, String origin) {

  static final SpecNames NONE = new SpecNames(false, List.of(), "");

  private static final String ALL = "all";
  private static final int LONGEST = 1_000;

  SpecNames {
    names = List.copyOf(names);
  }

  static SpecNames of(Node node, String key, String source) {
    String origin = source + " line " + node.line() + ": " + key;
    List<Node> items = node instanceof Node.Items list ? list.items() : List.of(node);
    List<String> names =
        items.stream()
            .map(
                item -> {
                  if (item.value() instanceof String text
                      && !text.isBlank()
                      && text.length() <= LONGEST) {
                    return text.strip();
                  }
                  throw new InputException(
                      source
                          + " line "
                          + item.line()
                          + ": "
                          + key
                          + " has "
                          + Shown.given(item.value())
                          + ", allowed: all, a name or a list of names");
                })
            .distinct()
            .toList();
    if (names.isEmpty()) {
      throw new InputException(origin + " is an empty list, allowed: all, or names");
    }
    boolean all = names.equals(List.of(ALL));
    return new SpecNames(all, all ? List.of() : names, origin);
  }

  /** Whether something was asked for. */
  boolean isGiven() {
    return !origin.isEmpty();
  }
}
