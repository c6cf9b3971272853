package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Scripts that others take in by {@code source FILE} or {@code . FILE}. */
public final class Sourced {

  /** Scripts within scripts, and files that one script takes in. */
  private static final int DEEPEST = 3;

  private static final int MOST_FILES = 20;

  /** A line that does nothing else. */
  private static final Pattern ALONE = Pattern.compile("\\s*(source|\\.)\\s+[^;&|#\\s]+\\s*;?\\s*");

  private Sourced() {}

  /**
   * A script in which the lines that take in another one set what that one sets; every line keeps
   * its number. A file that is not found is left to stand.
   *
   * @param lookup the text of a script by its path
   */
  public static String inlined(String script, Function<String, Optional<String>> lookup) {
    return inlined(script, lookup, DEEPEST);
  }

  private static String inlined(
      String script, Function<String, Optional<String>> lookup, int deepest) {
    if (deepest == 0 || !takesIn(script)) {
      return script;
    }
    String[] lines = script.split("\n", -1);
    ShellText.commands(script).stream()
        .map(ShellCommand::words)
        .filter(words -> words.size() > 1 && words.get(0).text().matches("source|\\."))
        .limit(MOST_FILES)
        .forEach(
            words ->
                lookup
                    .apply(words.get(1).text())
                    .map(text -> inlined(text, lookup, deepest - 1))
                    .ifPresent(text -> set(lines, words.get(0).line() - 1, text)));
    return String.join("\n", lines);
  }

  private static boolean takesIn(String script) {
    return script.contains("source ") || script.contains(". ");
  }

  /** Other commands of the line stay, behind what they are given. */
  private static void set(String[] lines, int at, String sourced) {
    if (at < lines.length && !lines[at].endsWith("\\")) {
      String given = assignments(ShellText.variables(sourced));
      String rest = ALONE.matcher(lines[at]).matches() ? "" : lines[at];
      lines[at] = given.isEmpty() || rest.isEmpty() ? given + rest : given + "; " + rest;
    }
  }

  private static String assignments(Map<String, Word> variables) {
    return new TreeMap<>(variables)
        .entrySet().stream()
            .filter(each -> !each.getKey().startsWith(ShellCommand.FOLDER))
            .filter(each -> !variables.containsKey(ShellCommand.EXPORTED + each.getKey()))
            .map(each -> each.getKey() + "=" + quoted(each.getValue().text()))
            .collect(Collectors.joining("; "));
  }

  private static String quoted(String text) {
    return "'" + text.replace('\n', ' ').replace("'", "'\\''") + "'";
  }
}
