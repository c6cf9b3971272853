package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in {@code $(...)}: the output of a command. Arithmetic of whole numbers, as {@code
 * $((16 / n))} or {@code $(expr 16 / $n / 2)}, is worked out, anything else stays {@code $(...)},
 * which no value is read from.
 */
final class Substitution {

  private static final Pattern DOUBLE = Pattern.compile("\\$\\(\\((.*)\\)\\)", Pattern.DOTALL);
  private static final Pattern EXPR = Pattern.compile("\\$\\(\\s*expr\\s(.*)\\)", Pattern.DOTALL);

  /** The folder of the script itself, {@code $(cd "$(dirname "$0")" && pwd)}. */
  private static final Pattern OWN_FOLDER =
      Pattern.compile(
          "\\$\\((?:cd (?:-- )?\"?\\$\\()?\\s*dirname (?:-- )?\"?\\$"
              + "(?:0|\\{?BASH_SOURCE(?:\\[0\\])?\\}?)\"?\\)((?:/\\.\\.)*)"
              + "(?:\"? (?:&>|>) ?/dev/null)?(?:\"? ?(?:&&|;) ?pwd(?: -P)?\\))?");

  /** {@code $(echo $X | tr ',' '\n' | wc -l)} and the like. */
  private static final Pattern COUNTED =
      Pattern.compile(
          "\\$\\(\\s*echo (?:-n )?\"?\\$\\{?([A-Za-z_]\\w{0,99})\\}?\"? ?\\| ?"
              + "(?:tr \"?'?,\"?'? ['\"]\\\\n['\"] ?\\| ?wc -[lw]"
              + "|awk -F ?['\"]?,['\"]? ['\"]\\{ ?print NF;? ?\\}['\"])\\s*\\)");

  /** A line for each machine: SkyPilot's list of their addresses. */
  private static final Pattern MACHINES =
      Pattern.compile(
          "\\$\\(\\s*echo (?:-e )?\"?\\$\\{?SKYPILOT_NODE_IPS\\}?\"? ?\\| ?wc -l\\s*\\)");

  /** Where a program is, {@code $(which swift)}, which is what it is called. */
  private static final Pattern PLACE =
      Pattern.compile("\\$\\(\\s*(?:which|command -v|type -P) ([\\w.-]{1,50})\\s*\\)");

  /** {@code $(python -c "print($N // 8)")}, of whole numbers. */
  private static final Pattern PRINTED =
      Pattern.compile(
          "\\$\\(\\s*python3? -c [\"']print\\((int\\()?"
              + "([\\w${}+*/% ()-]{1,200}?)\\)?\\)[\"']\\s*\\)");

  private static final String UNKNOWN = "$(...)";

  private Substitution() {}

  /** Where one that starts here ends, behind its closing bracket; 0 when there is none. */
  static int end(String text, int start, Brackets brackets) {
    int closing = text.startsWith("$(", start) ? brackets.closing(start + 1) : 0;
    return closing == 0 ? 0 : closing + 1;
  }

  /** The result where it can be worked out. */
  static String value(String text, Variables variables) {
    for (Pattern form : new Pattern[] {DOUBLE, EXPR}) {
      Matcher expression = form.matcher(text);
      if (expression.matches()) {
        return Arithmetic.value(
                expression.group(1),
                name -> Optional.ofNullable(variables.get(name)).map(Word::text))
            .map(BigInteger::toString)
            .orElse(UNKNOWN);
      }
    }
    if (MACHINES.matcher(text).matches()) {
      return Optional.ofNullable(variables.get("SKYPILOT_NUM_NODES"))
          .map(Word::text)
          .orElse(UNKNOWN);
    }
    Matcher printed = PRINTED.matcher(text);
    if (printed.matches()) {
      return printed(printed, variables).orElse(UNKNOWN);
    }
    Matcher place = PLACE.matcher(text);
    if (place.matches()) {
      return place.group(1);
    }
    Optional<String> caught = HereText.caught(text);
    if (caught.isPresent()) {
      return caught.get();
    }
    Matcher own = OWN_FOLDER.matcher(text);
    return own.matches()
        ? "." + own.group(1)
        : counted(text, variables).map(String::valueOf).orElse(UNKNOWN);
  }

  /** Python prints a fraction for {@code /} unless {@code int} is around it. */
  private static Optional<String> printed(Matcher printed, Variables variables) {
    String asked = printed.group(2);
    // What is multiplied behind a division is a fraction before it is whole.
    boolean whole =
        printed.group(1) == null
            ? !asked.replace("//", "").contains("/")
            : asked.matches("[^/]*(?:/[^*+-]*)?");
    return whole
        ? Arithmetic.value(
                asked.replace("//", "/"),
                name -> Optional.ofNullable(variables.get(name)).map(Word::text))
            .map(BigInteger::toString)
        : Optional.empty();
  }

  /** How many names a list with commas has, where lines of it or its fields are counted. */
  private static Optional<Integer> counted(String text, Variables variables) {
    Matcher count = COUNTED.matcher(text);
    if (!count.matches()) {
      return Optional.empty();
    }
    return Optional.ofNullable(variables.get(count.group(1)))
        .map(Word::text)
        .filter(list -> list.matches("[\\w-]+(?:,[\\w-]+){0,1000}"))
        .map(list -> list.split(",").length);
  }
}
