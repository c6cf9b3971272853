package dev.vramcast.formats.python.handed;

import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a program is told when it starts.
 *
 * @param options of its command, by names with underscores
 * @param file the content of the configuration that it loads; empty where there is none
 * @param path of that file as its command says it; empty where the program names it itself
 * @param beside values that names have before it starts: variables of its environment behind {@link
 *     #VARIABLE}, and what it imports from modules that are there
 */
public record Told(
    Map<String, Node> options,
    Optional<Node.Fields> file,
    Optional<String> path,
    Map<String, Node> beside) {

  /** A program of which only its text is known. */
  public static final Told NOTHING =
      new Told(Map.of(), Optional.empty(), Optional.empty(), Map.of());

  /** Stands before the names of variables of the environment. */
  public static final String VARIABLE = "$";

  /** Stands before the content of the file among the constants. */
  public static final String FILE = "<file>";

  /** Stands there too where no option but the file's path may change what it says. */
  public static final String ALONE = "<alone>";

  /** The file among the constants. */
  public Map<String, Node> loaded() {
    Map<String, Node> constants = new HashMap<>();
    file.ifPresent(content -> constants.put(FILE, content));
    if (options.values().stream().allMatch(this::isPath)) {
      file.ifPresent(content -> constants.put(ALONE, content));
    }
    return constants;
  }

  private boolean isPath(Node option) {
    return path.filter(named -> named.equals(option.value())).isPresent();
  }
}
