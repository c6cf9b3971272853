package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.handed.Dictionaries;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What makes objects of a class, its {@code __init__}.
 *
 * @param places its parameters in their order, as far as they are given by place
 * @param known whether these are all
 * @param named whether each is given to the field of its name
 * @param fields otherwise, by parameters, the fields that have to do with them
 * @param plain parameters of which the fields have just what is given
 */
record Maker(
    List<String> places,
    boolean known,
    boolean named,
    Map<String, String> fields,
    Set<String> plain) {

  /** The number of a place; an argument's name may begin with a digit, {@code **{"3d": 1}}. */
  private static final Pattern PLACE = Pattern.compile("\\d{1,4}");

  /** One that gives each parameter to the field of its name. */
  static Maker of(List<String> places, boolean known) {
    return new Maker(places, known, true, Map.of(), Set.of());
  }

  /**
   * The fields that an object is given values for, by their names.
   *
   * @param arguments by keyword or by their place
   */
  Map<String, Node> given(Map<String, Node> arguments) {
    Map<String, Node> given = new LinkedHashMap<>();
    arguments.forEach(
        (name, value) -> {
          boolean place = PLACE.matcher(name).matches();
          int at = place ? Integer.parseInt(name) : 0;
          if (place && !known) {
            given.putIfAbsent(Dictionaries.OPEN, value);
          } else if (!place || at < places.size()) {
            put(given, place ? places.get(at) : name, value);
          }
        });
    return given;
  }

  private void put(Map<String, Node> given, String name, Node value) {
    if (named || name.equals(Dictionaries.OPEN)) {
      given.put(name, value);
    } else if (fields.containsKey(name)) {
      String field = fields.get(name);
      boolean same = plain.contains(name);
      given.put(field, same ? value : Completed.unknown(field, value));
    }
  }
}
