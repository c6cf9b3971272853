package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The commands of a shell script: words, quotes, continued lines, comments, and variables that the
 * script itself sets to plain text or Slurm by its {@code #SBATCH} lines, and arithmetic of whole
 * numbers. Of branches the one is followed that texts and numbers of the script decide on, and
 * functions with the words of their first call; loops and the output of commands are not.
 */
public final class ShellText {

  /** A variable with a default, up to the text of that. */
  private static final Pattern DEFAULT =
      Pattern.compile("\\$\\{([A-Za-z_]\\w{0,99}|\\d{1,2}):?[-=]");

  /** The word that a file is written by, before its path and its content. */
  public static final String WRITES = "<<";

  private static final int DEEPEST_DEFAULT = 8;

  private static final int MOST_WORDS = 20_000;
  private static final int LONGEST_WORD = 20_000;

  /** Characters that variables bring in, in all; behind them they stay as they are written. */
  private static final int MOST_FILLED_IN = 1 << 20;

  private static final Pattern ARRAY = Pattern.compile("[A-Za-z_]\\w{0,99}\\+?=");
  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\$(?:([A-Za-z_]\\w{0,99}|\\d)|\\{([A-Za-z_]\\w{0,99}|\\d{1,2})(?::?[-=]([^}$]*))?\\}|"
              + "\\{([A-Za-z_]\\w{0,99})\\[[@*]\\]\\})");

  /** Where output goes, and what input comes from, where it cannot be a placeholder. */
  private static final Pattern REDIRECTION =
      Pattern.compile(
          "\\d?>{1,2}(?:&[\\d-]|[ \\t]*(?:"
              + "(?:\"(?:[^\"`\\\\\n]|\\\\.|`[^`\n]*+`)*+\"|'[^'\n]*+'|[^\\s;|&()<>\"'])++"
              + "|[^\\s;|&()<>]+))"
              + "|<[ \\t]+[^\\s;|&()<>]+");

  /** Text up to a line that holds a word alone, for {@code read -d ''} to keep in a variable. */
  private static final Pattern HERE = Pattern.compile("<<-?[ \\t]*(['\"]?)(\\w{1,50})\\1[^\n]*\n");

  private final String text;
  private final LineStarts starts;
  private final Brackets brackets;
  private final int lastLine;
  private final Script script;
  private final Outputs outputs;
  private final Variables variables;
  private final Map<String, List<Word>> arrays;
  private List<Word> words = new ArrayList<>();
  private int position;
  private int count;
  private int filledIn;
  private int defaults;
  private boolean quoted;

  private ShellText(String text, Map<String, List<Word>> calls) {
    this.text = text;
    this.script = new Script(calls);
    this.outputs = new Outputs(script);
    this.variables = script.variables();
    this.arrays = script.arrays();
    this.starts = new LineStarts(text);
    this.brackets = new Brackets(text);
    this.lastLine = text.lastIndexOf('\n');
  }

  /** All commands in order. */
  public static List<ShellCommand> commands(String text) {
    return commands(text, Map.of());
  }

  /**
   * All commands in order.
   *
   * @param given variables that are set before the script starts
   */
  public static List<ShellCommand> commands(String text, Map<String, Word> given) {
    String plain = text.replace("\r\n", "\n");
    Script once = script(plain, given, Map.of());
    Map<String, List<Word>> calls = once.calls();
    return calls.isEmpty() ? once.commands() : script(plain, given, calls).commands();
  }

  private static Script script(
      String text, Map<String, Word> given, Map<String, List<Word>> calls) {
    ShellText shell = new ShellText(text, calls);
    given.forEach(shell.variables::put);
    BatchScript.variables(shell.text).forEach(shell.variables::put);
    shell.read();
    return shell.script;
  }

  /** What a script has set when it ends, of what is known of it. */
  public static Map<String, Word> variables(String text) {
    ShellText shell = new ShellText(text.replace("\r\n", "\n"), Map.of());
    shell.read();
    return shell.variables.moment(Map.of()).all();
  }

  private void read() {
    while (position < text.length() && count < MOST_WORDS) {
      char c = text.charAt(position);
      if (c == '\n' || c == ';' || c == '|' || c == '&' || c == '(' || c == ')') {
        position++;
        end();
      } else if (c == '\\' && position + 1 < text.length() && text.charAt(position + 1) == '\n') {
        position += 2;
      } else if (Character.isWhitespace(c) || c == '\\' && position + 1 == text.length()) {
        position++;
      } else if (c == '#') {
        comment();
      } else if (!here() && !redirection()) {
        word();
      }
    }
    end();
  }

  /** What a variable reads from the lines that follow; those lines are no commands. */
  private boolean here() {
    Matcher found = HERE.matcher(text).region(position, text.length());
    // In the last line, which no other follows, the rest of it would be read for each mark.
    if (text.charAt(position) != '<' || position > lastLine || !found.lookingAt()) {
      return false;
    }
    int start = found.end();
    Matcher close =
        Pattern.compile("(?m)^[ \\t]*" + found.group(2) + "[ \\t]*$")
            .matcher(text)
            .region(start, text.length());
    int stop = close.find() ? close.start() : text.length();
    String body = text.substring(start, stop).replace("\\\n", " ").strip();
    if (!words.isEmpty() && words.get(0).text().equals("read")) {
      String kept = found.group(1).isEmpty() ? script.filled(body) : body;
      script.reads(words.get(words.size() - 1).text(), new Word(kept, starts.at(start)));
    }
    String written = text.substring(text.lastIndexOf('\n', position) + 1, start);
    Word lines = new Word(text.substring(start, stop).stripTrailing(), starts.at(start));
    HereText.commands(words, written, lines).forEach(made -> script.command(made, '\n', false));
    outputs.forget();
    words = new ArrayList<>();
    position = stop < text.length() ? close.end() : stop;
    return true;
  }

  private boolean redirection() {
    Matcher found = REDIRECTION.matcher(text).region(position, text.length());
    boolean here = "<>0123456789".indexOf(text.charAt(position)) >= 0 && found.lookingAt();
    position = here ? outputs.behind(found, starts.at(position)) : position;
    return here;
  }

  /** A comment ends a command unless the line before it is continued. */
  private void comment() {
    int end = text.indexOf('\n', position);
    position = end < 0 ? text.length() : end;
  }

  private void word() {
    Mark start = starts.at(position);
    count++;
    StringBuilder word = new StringBuilder();
    boolean split = true;
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '\'' || c == '"') {
        split = false;
        quoted(word, c);
      } else if (c == '\\' && position + 1 < text.length()) {
        boolean continues = text.charAt(position + 1) == '\n';
        if (continues) {
          break;
        }
        word.append(text.charAt(position + 1));
        position += 2;
      } else if (c == '$') {
        variable(word);
      } else if (Character.isWhitespace(c) || ";|&()".indexOf(c) >= 0) {
        break;
      } else {
        word.append(c);
        position++;
      }
    }
    add(word.toString(), start, split);
  }

  private void quoted(StringBuilder word, char quote) {
    position++;
    while (position < text.length() && text.charAt(position) != quote) {
      char c = text.charAt(position);
      if (quote == '"' && c == '$') {
        quoted = true;
        variable(word);
        quoted = false;
      } else if (quote == '"' && c == '\\' && position + 1 < text.length()) {
        char next = text.charAt(position + 1);
        word.append(next == '\n' ? ' ' : next);
        position += 2;
      } else {
        word.append(c);
        position++;
      }
    }
    position++;
  }

  /** Fills in a variable that the script sets; any other one stays as it is written. */
  private void variable(StringBuilder word) {
    int end = Substitution.end(text, position, brackets);
    if (end > 0) {
      String inner = text.substring(position, end);
      position = end;
      word.append(Substitution.value(inner, variables));
      return;
    }
    Optional<Expansion.Expanded> made = Expansion.at(text, position, variables, arrays);
    if (made.isPresent()) {
      word.append(made.get().text());
      position = made.get().end();
      return;
    }
    Matcher name = VARIABLE.matcher(text).region(position, text.length());
    if (withDefault(word)) {
      return;
    }
    if (!name.lookingAt()) {
      word.append('$');
      position++;
      return;
    }
    position = name.end();
    if (name.group(4) != null && joins(word, name)) {
      return;
    }
    String plain = name.group(1) != null ? name.group(1) : name.group(2);
    Word value = plain == null ? null : variables.get(plain);
    if (value != null && hasRoom(word, value)) {
      filledIn += value.text().length();
      word.append(value.text());
    } else {
      String otherwise = name.group(3) == null ? null : Expansion.unquoted(name.group(3));
      if (otherwise != null && name.group().matches("(?s)\\$\\{\\w+:?=.*")) {
        variables.put(plain, new Word(otherwise, starts.at(name.start())));
      }
      word.append(otherwise == null ? name.group() : otherwise);
    }
  }

  /** A variable with a default that is made of others, as {@code ${X:-${HOME}/models/Y}}. */
  private boolean withDefault(StringBuilder word) {
    Matcher found = DEFAULT.matcher(text).region(position, text.length());
    if (defaults >= DEEPEST_DEFAULT || !found.lookingAt()) {
      return false;
    }
    int close = Expansion.closingBrace(text, found.end());
    if (close == 0 || text.substring(found.end(), close).indexOf('$') < 0) {
      return false;
    }
    Word value = variables.get(found.group(1));
    if (value != null && hasRoom(word, value)) {
      filledIn += value.text().length();
      word.append(value.text());
      position = close + 1;
      return true;
    }
    StringBuilder inner = new StringBuilder();
    position = found.end();
    defaults++;
    while (position < close) {
      if (text.charAt(position) == '$') {
        variable(inner);
      } else {
        inner.append(text.charAt(position++));
      }
    }
    defaults--;
    word.append(Expansion.unquoted(inner.toString()));
    position = Math.max(position, close + 1);
    return true;
  }

  /**
   * An array beside other text of a word, or in quotes by a star, whose parts are one text with
   * blanks between them.
   */
  private boolean joins(StringBuilder word, Matcher name) {
    List<Word> parts = arrays.get(name.group(4));
    boolean alone =
        word.isEmpty() && (!quoted || isAt(position, '"') && !name.group().contains("*"));
    if (parts == null || alone) {
      return false;
    }
    String all = parts.stream().map(Word::text).collect(Collectors.joining(" "));
    boolean joins = hasRoom(word, new Word(all, Mark.NONE));
    word.append(joins ? all : "");
    filledIn += joins ? all.length() : 0;
    return joins;
  }

  private boolean hasRoom(StringBuilder word, Word value) {
    int more = value.text().length();
    return word.length() + more < LONGEST_WORD && filledIn + more <= MOST_FILLED_IN;
  }

  private void add(String word, Mark start, boolean split) {
    Matcher array = VARIABLE.matcher(word);
    if (array.matches() && array.group(4) != null && arrays.containsKey(array.group(4))) {
      for (Word each : arrays.get(array.group(4))) {
        filled(each, split);
      }
    } else if (word.length() > LONGEST_WORD) {
      words.add(new Word(word.substring(0, LONGEST_WORD), start));
    } else if (split
        && word.strip().matches("\\S+\\s(?s:.*)")
        && !Script.ASSIGNMENT.matcher(word).matches()) {
      for (String part : word.strip().split("\\s+")) {
        words.add(new Word(part, start));
        count++;
      }
    } else if (!split || !word.isBlank()) {
      words.add(new Word(word, start));
    }
  }

  /** A word of an array, which the shell splits where it is filled in without quotes. */
  private void filled(Word word, boolean split) {
    if (!split) {
      words.add(word);
      count++;
      return;
    }
    for (String part : word.text().split("\\s+")) {
      words.add(new Word(part, word.mark()));
      count++;
    }
  }

  private void end() {
    List<Word> finished = words;
    words = new ArrayList<>();
    char ended = position > 0 && position <= text.length() ? text.charAt(position - 1) : '\n';
    boolean twice = isAt(position, ended) || isAt(position - 2, ended);
    int last = finished.size() - 1;
    if (last >= 0 && isArrayStart(finished.get(last).text())) {
      script.command(finished.subList(0, last), ' ', false);
      array(finished.get(last).text());
      outputs.forget();
    } else {
      script.command(finished, ended, twice);
      outputs.end(finished);
    }
  }

  private boolean isAt(int place, char c) {
    return place >= 0 && place < text.length() && text.charAt(place) == c;
  }

  private boolean isArrayStart(String word) {
    return ARRAY.matcher(word).matches()
        && position > 0
        && position <= text.length()
        && text.charAt(position - 1) == '(';
  }

  /** The words up to the closing bracket, which {@code +=} puts behind those that are there. */
  private void array(String start) {
    while (position < text.length() && count < MOST_WORDS) {
      char c = text.charAt(position);
      if (c == ')') {
        position++;
        break;
      } else if (c == '#') {
        comment();
      } else if (Character.isWhitespace(c) || c == '\\') {
        position++;
      } else if (";|&(".indexOf(c) >= 0) {
        position++;
      } else {
        word();
      }
    }
    script.array(start, words);
    words = new ArrayList<>();
  }
}
