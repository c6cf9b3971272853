package dev.vramcast.formats.training.container;

import dev.vramcast.formats.shell.PlacedScript;
import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a file of another tool hands to a shell.
 *
 * @param script with the places of the file
 * @param variables that are set before it starts
 */
public record CarriedScript(PlacedScript script, Map<String, Word> variables) {

  /** A name that says of no text what it is. */
  private static final Pattern NO_ENDING = Pattern.compile("(?:.*[/\\\\])?[^./\\\\]*|-");

  public CarriedScript {
    variables = Map.copyOf(variables);
  }

  /** Whether a text of no YAML carries commands, by its name or else by how it is written. */
  public static boolean isIn(String text, String name) {
    return Makefile.isOne(text, name) || Dockerfile.isOne(text, name);
  }

  /** Whether a name says of no text what it is. */
  static boolean hasNoEnding(String name) {
    return NO_ENDING.matcher(name).matches();
  }

  /** Whether keys are those of a tool that runs commands. */
  public static boolean isIn(Node.Fields root) {
    return ClusterTask.isOne(root) || Workflow.isOne(root);
  }

  /** The scripts of a text that {@link #isIn} knows, the one that counts first. */
  public static List<CarriedScript> of(String text, String name) {
    return Makefile.isOne(text, name) ? List.of(Makefile.script(text)) : Dockerfile.scripts(text);
  }

  /** The script of keys that {@link #isIn} knows, in a text. */
  public static CarriedScript of(Node.Fields root, String text) {
    return ClusterTask.isOne(root) ? ClusterTask.script(root, text) : Workflow.script(root, text);
  }

  /** With variables that every command has in its environment. */
  static CarriedScript exporting(PlacedScript script, Map<String, Word> set) {
    Map<String, Word> all = new LinkedHashMap<>(set);
    set.forEach((name, value) -> all.put(ShellCommand.EXPORTED + name, value));
    return new CarriedScript(script, all);
  }

  /**
   * Rows that a shell of their own runs, whose variables and folder end with it.
   *
   * @param line of the file that the first row is, as all rows are lines in order
   * @param file all its rows
   */
  static void shell(PlacedScript script, int line, List<String> rows, List<String> file) {
    script.lines(Mark.of(line), "(", file);
    for (int i = 0; i < rows.size(); i++) {
      script.lines(Mark.of(line + i), rows.get(i), file);
    }
    script.lines(Mark.of(line), ")", file);
  }
}
