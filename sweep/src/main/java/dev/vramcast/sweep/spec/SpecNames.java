package dev.vramcast.sweep.spec;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names in a spec.
 *
 * @param all whether all there are were asked for
 * @param places by the name where each stands
 * @param place where they stand; empty where nothing was asked for
 */
record SpecNames(
    boolean all, List<String> names, Map<String, Place> places, Optional<Place> place) {

  static final SpecNames NONE = new SpecNames(false, List.of(), Map.of(), Optional.empty());

  private static final String ALL = "all";
  private static final int LONGEST = 1_000;

  SpecNames {
    names = List.copyOf(names);
    places = Map.copyOf(places);
  }

  static SpecNames of(Node node, String key, String source) {
    Subject subject = new Subject.Item(key);
    Place place = node.place(source);
    List<Node> items = node instanceof Node.Items list ? list.items() : List.of(node);
    Map<String, Place> places = new LinkedHashMap<>();
    for (Node item : items) {
      Place here = new Place.Line(source, item.mark().line(), item.mark().column(), key);
      places.putIfAbsent(name(item, subject, source), here);
    }
    List<String> names = List.copyOf(places.keySet());
    if (names.isEmpty()) {
      throw InputError.about(subject)
          .at(place)
          .and(" is an empty list")
          .allowed("all, or names")
          .refusal();
    }
    boolean all = names.equals(List.of(ALL));
    return new SpecNames(all, all ? List.of() : names, places, Optional.of(place));
  }

  private static String name(Node item, Subject subject, String source) {
    if (item.value() instanceof String text && !text.isBlank() && text.length() <= LONGEST) {
      return text.strip();
    }
    throw InputError.about(subject)
        .at(item.place(source))
        .has(item.value())
        .allowed("all, a name or a list of names")
        .refusal();
  }

  /** Whether something was asked for. */
  boolean isGiven() {
    return place.isPresent();
  }
}
