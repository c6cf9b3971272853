package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.Condition.Holds;
import dev.vramcast.formats.shell.ShellCommand.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the commands of a script leave behind: variables, arrays, and those that are run. */
final class Script {

  private static final Pattern ENVIRONMENT = Pattern.compile("(?:/usr)?(?:/bin/)?env");

  /** Words that run what follows them. */
  private static final Set<String> RUNS =
      Set.of("exec", "nohup", "sudo", "-E", "time", "command", "setsid", "stdbuf", "-oL");

  static final Pattern ASSIGNMENT =
      Pattern.compile("([A-Za-z_]\\w{0,99}(?:\\[[\\w.-]{1,99}\\])?)=(.*)", Pattern.DOTALL);

  /** An entry among the words of an array, {@code [key]=value}. */
  private static final Pattern ENTRY =
      Pattern.compile("(\\[[\\w.-]{1,99}\\])=(.*)", Pattern.DOTALL);

  /** The places of an array, the first of which is 0. */
  private static final Pattern PLACES = Pattern.compile("\\$\\{!\\w{1,99}\\[[@*]]\\}");

  /** A folder that lies in the one before. */
  private static final Pattern WITHIN = Pattern.compile("[\\w.][\\w./-]*");

  /** A folder that lies in one which the script does not name. */
  private static final Pattern ELSEWHERE = Pattern.compile("\\$(?:\\w+|\\{\\w+\\})/[\\w./-]+");

  private static final Pattern NAME =
      Pattern.compile("\\$(?:\\{([A-Za-z_]\\w{0,99})}|([A-Za-z_]\\w{0,99}))");

  private static final int LONGEST_VALUE = 1_000;

  /** Characters that variables bring into all lines which commands are given. */
  private static final int MOST_FILLED_IN = 1 << 16;

  private static final String ANYWHERE = "$";

  /** Characters of a path on Linux ({@code PATH_MAX}). */
  private static final int LONGEST_FOLDER = 4_096;

  private final Variables variables = new Variables();
  private final Map<String, List<Word>> arrays = new LinkedHashMap<>();
  private final List<ShellCommand> commands = new ArrayList<>();
  private final Branches branches = new Branches();
  private final Functions functions;
  private int filledIn;

  /** Whether the last command ran, and which files were not there for it to run. */
  private Holds runs = Holds.YES;

  private Set<String> absent = Set.of();

  /**
   * Nothing is read yet.
   *
   * @param calls of its functions, as {@link #calls} found them before
   */
  Script(Map<String, List<Word>> calls) {
    this.functions = new Functions(variables, calls);
  }

  /** The words that each function of the script is called with first. */
  Map<String, List<Word>> calls() {
    return functions.called(commands);
  }

  Variables variables() {
    return variables;
  }

  Map<String, List<Word>> arrays() {
    return arrays;
  }

  List<ShellCommand> commands() {
    return commands;
  }

  /**
   * A command is whole.
   *
   * @param end the character that ended it
   * @param twice whether it stands there twice
   */
  void command(List<Word> words, char end, boolean twice) {
    functions.command(words, end);
    runs = branches.now();
    absent = branches.absent();
    List<Word> rest = branches.command(words, end, twice);
    // A test decides about what stands behind it, and a branch about what stands in it.
    if (rest.size() != words.size()) {
      runs = branches.now();
      absent = branches.absent();
    }
    if (!rest.isEmpty() && rest.get(0).text().equals(ShellText.WRITES)) {
      writes(rest);
    } else if (!rest.isEmpty() && runs != Holds.NO) {
      run(rest, runs);
    }
    if (end == '(' && !branches.isPattern(end)) {
      variables.begin();
    } else if (end == ')' && !branches.isPattern(end)) {
      variables.end();
    }
  }

  /**
   * What the last command writes into a file. Where it may not run nobody knows what that holds,
   * but for one that it only makes where it is not there.
   */
  void writes(List<Word> words) {
    String path = words.get(1).text();
    boolean makes = absent.stream().anyMatch(each -> (path + '/').startsWith(each + '/'));
    boolean text = words.get(0).text().equals(ShellText.WRITES);
    boolean certain =
        runs == Holds.YES
            || runs == Holds.UNKNOWN && text && (makes || path.startsWith(ShellCommand.STDIN));
    if (certain || runs == Holds.UNKNOWN && !makes) {
      List<Word> known = certain ? words : Outputs.unknown(path, words.get(0).mark());
      commands.add(new ShellCommand(known, variables.moment(Map.of())));
    }
  }

  private void run(List<Word> words, Holds runs) {
    if (isLoop(words)) {
      Word first = words.get(3);
      boolean places = PLACES.matcher(first.text()).matches();
      set(words.get(1).text(), places ? new Word("0", first.mark()) : first, runs);
      return;
    }
    Map<String, Word> own = new LinkedHashMap<>();
    int first;
    boolean exports = words.get(0).text().matches("export|local|declare|readonly");
    for (first = exports ? 1 : 0; first < words.size(); first++) {
      Matcher assignment = ASSIGNMENT.matcher(words.get(first).text());
      if (!assignment.matches() && exports) {
        // declare -A NAME, export NAME
        export(words.get(0), words.get(first).text(), words.get(first), own);
        continue;
      }
      if (!assignment.matches() && setsBy(words, first)) {
        continue;
      }
      if (!assignment.matches()) {
        break;
      }
      Word value = new Word(assignment.group(2), words.get(first).mark());
      own.put(assignment.group(1), value);
      export(words.get(0), assignment.group(1), value, own);
    }
    if (first >= words.size()) {
      own.forEach((name, value) -> set(name, value, runs));
    } else {
      List<Word> rest = words.subList(first, words.size());
      own.keySet().stream()
          .filter(name -> name.matches("\\w+"))
          .toList()
          .forEach(name -> own.put(ShellCommand.EXPORTED + name, own.get(name)));
      enter(rest, runs);
      commands.add(new ShellCommand(rest, variables.moment(own)));
    }
  }

  /** {@code exec env NAME=value program}, whose variables are those of the program too. */
  private static boolean setsBy(List<Word> words, int at) {
    int next = at;
    while (next < words.size() && RUNS.contains(words.get(next).text())) {
      next++;
    }
    return next + 1 < words.size()
        && ENVIRONMENT.matcher(words.get(next).text()).matches()
        && ASSIGNMENT.matcher(words.get(next + 1).text()).matches();
  }

  private static void export(Word how, String name, Word value, Map<String, Word> own) {
    if (how.text().equals("export") && name.matches("\\w+")) {
      own.put(ShellCommand.EXPORTED + name, value);
    }
  }

  /** {@code cd FOLDER}: where that comes from outside, nobody knows where its last part lies. */
  private void enter(List<Word> words, Holds runs) {
    if (words.size() < 2 || !words.get(0).text().equals("cd") || runs == Holds.NO) {
      return;
    }
    String to = words.get(1).text();
    Word before = variables.get(ShellCommand.FOLDER);
    String folder =
        WITHIN.matcher(to).matches()
            ? before == null ? to : before.text() + '/' + to
            : ELSEWHERE.matcher(to).matches() ? to : ANYWHERE;
    String kept = folder.length() > LONGEST_FOLDER ? ANYWHERE : folder;
    variables.put(ShellCommand.FOLDER, new Word(kept, words.get(1).mark()));
  }

  /** Where it is not known which branch is taken, what was set before it holds, if it is known. */
  private void set(String name, Word value, Holds runs) {
    Word before = variables.get(name);
    boolean known = before != null && before.text().indexOf('$') < 0;
    boolean open = value.text().indexOf('$') >= 0;
    if (runs == Holds.YES || !known && !open) {
      variables.put(name, value);
    }
  }

  /** {@code NAME=(...)}, or {@code NAME+=(...)}, which puts words behind those that are there. */
  void array(String start, List<Word> words) {
    Holds runs = branches.now();
    String name = start.replaceFirst("\\+?=$", "");
    List<Word> there = arrays.get(name);
    if (runs == Holds.NO) {
      return;
    }
    for (Word word : words) {
      Matcher entry = ENTRY.matcher(word.text());
      if (entry.matches()) {
        set(name + entry.group(1), new Word(entry.group(2), word.mark()), runs);
      }
    }
    if (start.endsWith("+=") && there != null) {
      there.addAll(words);
    } else if (runs == Holds.YES || there == null) {
      arrays.put(name, words);
    }
  }

  /** Lines that a command is given, with the variables that are set when it is, up to a bound. */
  String filled(String lines) {
    return NAME.matcher(lines)
        .replaceAll(
            found -> {
              String name = found.group(1) != null ? found.group(1) : found.group(2);
              Word value = variables.get(name);
              int length = value == null ? 0 : value.text().length();
              if (value == null || length > LONGEST_VALUE || filledIn + length > MOST_FILLED_IN) {
                return Matcher.quoteReplacement(found.group());
              }
              filledIn += length;
              return Matcher.quoteReplacement(value.text());
            });
  }

  /** {@code read} keeps text in a variable. */
  void reads(String name, Word text) {
    if (branches.now() != Holds.NO) {
      set(name, text, branches.now());
    }
  }

  /** {@code for NAME in WORD ...}: what is done first is done for the first word. */
  private static boolean isLoop(List<Word> words) {
    return words.size() > 3
        && words.get(0).text().equals("for")
        && words.get(1).text().matches("[A-Za-z_]\\w{0,99}")
        && words.get(2).text().equals("in")
        && (words.get(3).text().matches("[^${}*]+")
            || PLACES.matcher(words.get(3).text()).matches());
  }
}
