package dev.vramcast.formats.python.handed;

import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.Map;

/** Dictionaries that a program puts together of others. */
public final class Dictionaries {

  /** What a dictionary has under names that are not known, and a call among its arguments. */
  public static final String OPEN = "**";

  private Dictionaries() {}

  /**
   * Puts the entries of one into others, over those of the same names.
   *
   * @param other a dictionary; anything else is kept as what is not known, and may have any entry
   */
  public static void put(Map<String, Node> entries, Node other) {
    if (other instanceof Node.Fields fields) {
      entries.putAll(fields.fields());
    } else {
      entries.replaceAll((name, value) -> new Node.Scalar("<" + name + ">", value.mark()));
      entries.put(OPEN, other);
    }
  }

  /**
   * A dictionary behind {@code entries.update(other, key=value)}.
   *
   * @param arguments of the call, by keyword or by their place
   */
  public static Node.Fields updated(Node.Fields entries, Map<String, Node> arguments) {
    Map<String, Node> now = new LinkedHashMap<>(entries.fields());
    arguments.forEach(
        (name, value) -> {
          if (name.equals("0")) {
            put(now, value);
          } else {
            now.put(name, value);
          }
        });
    return new Node.Fields(now, entries.mark());
  }
}
