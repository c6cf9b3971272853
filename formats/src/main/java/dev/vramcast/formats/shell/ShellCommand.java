package dev.vramcast.formats.shell;

import java.util.List;
import java.util.Map;

/**
 * A command of a script.
 *
 * @param words in order, without quotes, with the variables that the script sets filled in
 * @param environment the variables that are set before it
 */
public record ShellCommand(List<Word> words, Map<String, Word> environment) {

  /** A word with the line it stands in. */
  public record Word(String text, int line) {}

  public ShellCommand {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }
}
