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
    return UNKNOWN;
  }
}
