package dev.vramcast.formats.python.module;

import dev.vramcast.input.tree.Node;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands that a program starts by itself. */
public final class StartedCommands {

  private static final Pattern CALL =
      Pattern.compile(
          "(?<![\\w.])(?:(?:subprocess|sp)\\s*\\.\\s*(?:run|call|getoutput|getstatusoutput)"
              + "|(?:(?:subprocess|sp)\\s*\\.\\s*)?(?:Popen|check_call|check_output)"
              + "|os\\s*\\.\\s*(?:system|popen|exec\\w{1,4}|spawn\\w{1,4}))\\s*\\(");

  /** Programs, and what starts them on one GPU or several. */
  private static final Pattern PROGRAM =
      Pattern.compile(
          "(?<![\\w./-])(?:[\\w./-]*/)?(?:python[\\d.]*|torchrun|accelerate|deepspeed|colossalai"
              + "|llamafactory-cli|axolotl|swift|trl|tune|litgpt|sbatch|srun|mpirun)(?![\\w.=-])"
              + "|\\bsys\\s*\\.\\s*executable\\b|\\w\\.(?:py|sh)\\b");

  /** What is installed or asked for its release trains nothing. */
  private static final Pattern NO_PROGRAM =
      Pattern.compile("(?<![\\w-])pip\\d?(?![\\w-])|--version\\b");

  private static final Pattern BATCH = Pattern.compile("(?i)batch_?size|(?<![a-z])bsz?(?![a-z])");

  private static final Pattern WORD = Pattern.compile("(?<![\\w.])[A-Za-z_]\\w*");

  /** The texts of a program, without its comments. */
  private final String text;

  /** The same with blanks in the place of what stands between quotes. */
  private final String code;

  private StartedCommands(String source) {
    StringBuilder shown = new StringBuilder();
    StringBuilder masked = new StringBuilder();
    int i = 0;
    while (i < source.length()) {
      char c = source.charAt(i);
      if (c == '#') {
        int end = source.indexOf('\n', i);
        i = end < 0 ? source.length() : end;
      } else if (c == '"' || c == '\'') {
        int end = ModuleParts.end(source, i);
        shown.append(source, i, end);
        source.substring(i, end).chars().forEach(at -> masked.append(at == '\n' ? '\n' : ' '));
        i = end;
      } else {
        shown.append(c);
        masked.append(c);
        i++;
      }
    }
    text = shown.toString();
    code = masked.toString();
  }

  /**
   * Whether a program starts another program, or hands its batch to any command: {@code
   * subprocess.run(["torchrun", "train.py"])}, {@code os.system(command)}.
   *
   * @param lines all of it
   */
  public static boolean startPrograms(List<Node.Scalar> lines) {
    return new StartedCommands(ModuleLines.text(lines)).startPrograms();
  }

  private boolean startPrograms() {
    for (Matcher call = CALL.matcher(code); call.find(); ) {
      String handed = handed(call.end(), closing(call.end()));
      boolean starts = PROGRAM.matcher(handed).find() && !NO_PROGRAM.matcher(handed).find();
      if (starts || BATCH.matcher(handed).find()) {
        return true;
      }
    }
    return false;
  }

  /** What a call is handed, with what the names in it are made of. */
  private String handed(int start, int end) {
    StringBuilder all = new StringBuilder(text.substring(start, end));
    Set<String> seen = new HashSet<>();
    Deque<String> names = new ArrayDeque<>(names(start, end));
    while (!names.isEmpty()) {
      String name = names.removeFirst();
      if (seen.add(name)) {
        for (Matcher made = made(name).matcher(code); made.find(); ) {
          int last = ending(made.end());
          all.append('\n').append(text, made.end(), last);
          names.addAll(names(made.end(), last));
        }
      }
    }
    return all.toString();
  }

  private static Pattern made(String name) {
    return Pattern.compile(
        "(?m)^[ \\t]*"
            + name
            + "\\s*(?:(?::[^=\\n]*)?\\+?=(?!=)|\\.\\s*(?:append|extend|insert)(?=\\s*\\())");
  }

  private List<String> names(int start, int end) {
    return WORD.matcher(code.substring(start, end)).results().map(word -> word.group()).toList();
  }

  /** Where the bracket closes that is open here. */
  private int closing(int start) {
    int depth = 1;
    int i = start;
    for (; i < code.length() && depth > 0; i++) {
      depth += depth(code.charAt(i));
    }
    return i;
  }

  /** Where a statement ends. */
  private int ending(int start) {
    int depth = 0;
    int i = start;
    for (; i < code.length() && (depth > 0 || code.charAt(i) != '\n'); i++) {
      depth += depth(code.charAt(i));
    }
    return i;
  }

  private static int depth(char c) {
    return "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
  }
}
