package dev.vramcast.formats.shell;

import dev.vramcast.input.tree.Mark;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A command of a script.
 *
 * @param words in order, without quotes, with the variables that the script sets filled in
 * @param variables those that are set before it
 */
public record ShellCommand(List<Word> words, Variables.Moment variables) {

  /** How the name begins of a program that Python reads from lines of a script. */
  public static final String STDIN = "stdin-";

  /** Stands before the name of a variable that a script hands on to its commands. */
  public static final String EXPORTED = "export ";

  /**
   * What stands among the variables for the folder that a script has gone to. It begins with {@code
   * $} where that depends on what is outside of the script: {@code $HOME/work}, {@code $}.
   */
  public static final String FOLDER = "cd ";

  /** What stands among the variables for the function that a command stands in; empty for none. */
  public static final String FUNCTION = "in ";

  /** What stands among the variables for a command that puts together what a training wrote. */
  public static final String JOINS = "shards put together by ";

  /** What stands among the variables for a command that merges what a training wrote. */
  public static final String MERGES = "adapters merged by ";

  /** What stands among the variables for a command that writes weights and trains none. */
  public static final String ALONE = "weights written alone by ";

  /** What stands among the variables for a command that merges behind its training. */
  public static final String MERGES_BEHIND = "adapters merged behind by ";

  /** A word, and where it begins. */
  public record Word(String text, Mark mark) {

    public int line() {
      return mark.line();
    }
  }

  public ShellCommand {
    words = List.copyOf(words);
  }

  /** This command with its words at other places. */
  public ShellCommand at(UnaryOperator<Mark> places) {
    return new ShellCommand(
        words.stream().map(word -> new Word(word.text(), places.apply(word.mark()))).toList(),
        variables);
  }

  /** The variables that are set before it, by name, and those that Slurm sets for it. */
  public Map<String, Word> environment() {
    Map<String, Word> all = new HashMap<>(variables.all());
    all.putAll(BatchScript.asked(words));
    return Map.copyOf(all);
  }
}
