package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The functions of a script. What stands in one is read with the words of the first command that
 * calls it in the place of {@code $1}, {@code $2} and so on.
 */
final class Functions {

  private static final String NAME = "[A-Za-z_][\\w-]{0,99}";

  private final Variables variables;
  private final Map<String, List<Word>> calls;
  private final Set<String> names = new HashSet<>();
  private int set;
  private int braces;

  /**
   * Nothing is defined yet.
   *
   * @param calls the words behind each function's name, as an earlier reading found them
   */
  Functions(Variables variables, Map<String, List<Word>> calls) {
    this.variables = variables;
    this.calls = calls;
  }

  /** A command is whole, which may begin or end the definition of one. */
  void command(List<Word> words, char end) {
    if (words.isEmpty()) {
      return;
    }
    String first = words.get(0).text();
    boolean named = first.equals("function") && words.size() > 1;
    boolean plain = words.size() == 1 && end == '(' && first.matches(NAME);
    if (named || plain) {
      begin(words.get(named ? 1 : 0).text());
      braces = words.get(words.size() - 1).text().equals("{") ? 1 : 0;
    } else if (first.equals("{")) {
      braces++;
    } else if (first.equals("}") ? --braces < 1 : braces < 1) {
      leave();
    }
  }

  private void begin(String name) {
    leave();
    names.add(name);
    variables.put(ShellCommand.FUNCTION, new Word(name, Mark.NONE));
    List<Word> given = calls.getOrDefault(name, List.of());
    for (; set < given.size(); set++) {
      variables.put(String.valueOf(set + 1), given.get(set));
    }
  }

  /** Outside of a function they are what the script is given, which nobody knows. */
  private void leave() {
    braces = 0;
    Word in = variables.get(ShellCommand.FUNCTION);
    if (in != null && !in.text().isEmpty()) {
      variables.put(ShellCommand.FUNCTION, new Word("", Mark.NONE));
    }
    for (; set > 0; set--) {
      variables.put(String.valueOf(set), new Word("$" + set, new Mark(1, 1)));
    }
  }

  /** The words behind the first call of each. */
  Map<String, List<Word>> called(List<ShellCommand> commands) {
    Map<String, List<Word>> called = new HashMap<>();
    for (ShellCommand command : commands) {
      List<Word> words = command.words();
      if (words.size() > 1 && names.contains(words.get(0).text())) {
        called.putIfAbsent(words.get(0).text(), words.subList(1, words.size()));
      }
    }
    return called;
  }
}
