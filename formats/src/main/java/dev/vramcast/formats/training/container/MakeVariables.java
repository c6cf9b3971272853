package dev.vramcast.formats.training.container;

import dev.vramcast.formats.shell.PlacedScript;
import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Variables of a Makefile, and text with their values. What is not known is a variable of the shell
 * then, {@code ${NAME}}, of which that says that it comes from outside.
 */
final class MakeVariables {

  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "\\s{0,99}((?:(?:export|override|private)\\s{1,99}){0,3})([\\w.-]{1,100})\\s{0,99}"
              + "(:{0,3}=|\\?=|\\+=|!=)\\s*(.*)");

  private static final String EXPORT = "export";

  private static final String EVERYTHING = ".EXPORT_ALL_VARIABLES";

  private static final int DEEPEST = 16;

  /** Characters of one text, and of all that values bring in. */
  private static final int LONGEST = 1 << 16;

  private static final int MOST_FILLED_IN = 1 << 18;

  private final Map<String, Word> values = new LinkedHashMap<>();
  private final Set<String> exported = new HashSet<>();

  /** Of a rule, those of the whole file. */
  private final @Nullable MakeVariables around;

  private int filledIn;

  MakeVariables() {
    this.around = null;
  }

  private MakeVariables(MakeVariables around) {
    this.around = around;
  }

  /** Variables that only one rule has, over these. */
  MakeVariables ofRule() {
    return new MakeVariables(this);
  }

  private @Nullable Word get(String name) {
    Word own = values.get(name);
    return own != null || around == null ? own : around.get(name);
  }

  /** Whether there is room for more text, of which some is brought in. */
  private boolean hasRoom(int more) {
    if (around != null) {
      return around.hasRoom(more);
    }
    filledIn += more + 1;
    return filledIn < MOST_FILLED_IN;
  }

  /**
   * Takes what a line says of a variable.
   *
   * @param decided whether the line is known to count; where it is not, what is known before holds
   * @return whether it is such a line
   */
  boolean take(String line, Mark mark, boolean decided) {
    Matcher found = ASSIGNMENT.matcher(line);
    if (!found.matches()) {
      return exports(line.strip());
    }
    String name = found.group(2);
    if (found.group(1).contains(EXPORT)) {
      exported.add(name);
    }
    Word before = get(name);
    String how = found.group(3);
    if (before == null || !how.equals("?=") && decided) {
      set(name, how, found.group(4).stripTrailing(), mark);
    }
    return true;
  }

  private void set(String name, String how, String text, Mark mark) {
    String value =
        switch (how) {
          case "!=" -> "$$(" + text.replace("$", "$$") + ')';
          case ":=", "::=", ":::=" -> expand(text, Map.of()).replace("$", "$$");
          default -> text;
        };
    Word before = get(name);
    if (!how.equals("+=") || before == null) {
      values.put(name, new Word(value, mark));
    } else if (hasRoom(before.text().length())) {
      values.put(name, new Word(before.text() + ' ' + value, mark));
    } else {
      values.remove(name);
    }
  }

  /** {@code export}, or {@code export A B}. */
  private boolean exports(String line) {
    if (!line.equals(EXPORT) && !line.startsWith(EXPORT + ' ')) {
      return false;
    }
    String names = line.substring(EXPORT.length()).strip();
    exported.addAll(names.isEmpty() ? List.of(EVERYTHING) : List.of(names.split("\\s+", -1)));
    return true;
  }

  /** A rule of this name hands all variables to commands. */
  void target(String name) {
    if (name.equals(EVERYTHING)) {
      exported.add(name);
    }
  }

  boolean has(String name) {
    Word value = get(name);
    return value != null && !value.text().isBlank();
  }

  /** What commands have in their environment. */
  Map<String, Word> environment() {
    Map<String, Word> environment = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          boolean handed = exported.contains(name) || exported.contains(EVERYTHING);
          if (handed && name.matches("[A-Za-z_]\\w*")) {
            String text = expand(value.text(), Map.of());
            environment.put(name, new Word(text, PlacedScript.ofFile(value.mark())));
          }
        });
    return environment;
  }

  /**
   * A text with values in the place of names.
   *
   * @param automatic those of one character that a rule has, such as its target
   */
  String expand(String text, Map<String, String> automatic) {
    return expand(text, automatic, 0);
  }

  private String expand(String text, Map<String, String> automatic, int depth) {
    StringBuilder made = new StringBuilder();
    int at = 0;
    while (at < text.length() && made.length() < LONGEST) {
      int dollar = text.indexOf('$', at);
      if (dollar < 0 || dollar + 1 >= text.length()) {
        break;
      }
      made.append(text, at, dollar);
      char next = text.charAt(dollar + 1);
      int close = next == '(' || next == '{' ? close(text, dollar + 1) : dollar + 1;
      if (close < 0) {
        at = dollar;
        break;
      }
      String name = close > dollar + 1 ? text.substring(dollar + 2, close) : String.valueOf(next);
      made.append(next == '$' ? "$" : value(name.strip(), automatic, depth));
      at = close + 1;
    }
    return made.append(text, at, text.length()).toString();
  }

  private String value(String name, Map<String, String> automatic, int depth) {
    String known = automatic.get(name);
    Word value = get(name);
    if (known != null) {
      return known;
    }
    if (value != null && depth < DEEPEST && hasRoom(value.text().length())) {
      return expand(value.text(), automatic, depth + 1);
    }
    if (name.startsWith("shell ")) {
      return "$(" + (depth < DEEPEST ? expand(name.substring(6), automatic, depth + 1) : "") + ')';
    }
    return name.matches("\\w+") ? "${" + name + '}' : "$(" + name + ')';
  }

  /** Where the bracket closes that opens at a place, with others between; -1 where none does. */
  private static int close(String text, int open) {
    char begins = text.charAt(open);
    char ends = begins == '(' ? ')' : '}';
    int depth = 0;
    for (int i = open; i < text.length() && i - open < LONGEST; i++) {
      char c = text.charAt(i);
      depth += c == begins ? 1 : c == ends ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return -1;
  }
}
