package dev.vramcast.formats.python;

import dev.vramcast.input.tree.Node;
import java.util.Map;
import java.util.Optional;

/**
 * What a program is told when it starts.
 *
 * @param options of its command, by names with underscores
 * @param file the content of the configuration that it loads; empty where there is none
 */
public record Told(Map<String, Node> options, Optional<Node.Fields> file) {

  /** A program of which only its text is known. */
  public static final Told NOTHING = new Told(Map.of(), Optional.empty());

  /** Stands before the content of the file among the constants. */
  static final String FILE = "<file>";
}
