package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in {@code $(...)}: the output of a command. Two whole numbers with an operator
 * between them, as {@code $((16 / n))} or {@code $(expr 16 / $n)}, are worked out, anything else
 * stays {@code $(...)}, which no value is read from.
 */
final class Substitution {

  private static final Pattern OPERATION =
      Pattern.compile(
          "\\$\\((?:\\(|expr\\s)\\s*(\\$?\\{?\\w{1,100}\\}?)\\s*\\\\?([-+*/])\\s*"
              + "(\\$?\\{?\\w{1,100}\\}?)\\s*\\)?\\)");

  private static final String UNKNOWN = "$(...)";

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  private Substitution() {}

  /** Where one that starts here ends, behind its closing bracket; 0 when there is none. */
  static int end(String text, int start, Brackets brackets) {
    int closing = text.startsWith("$(", start) ? brackets.closing(start + 1) : 0;
    return closing == 0 ? 0 : closing + 1;
  }

  /** The result where it can be worked out. */
  static String value(String text, Variables variables) {
    Matcher operation = OPERATION.matcher(text);
    if (!operation.matches()) {
      return UNKNOWN;
    }
    return number(operation.group(1), variables)
        .flatMap(
            a ->
                number(operation.group(3), variables)
                    .flatMap(b -> result(a, operation.group(2), b)))
        .orElse(UNKNOWN);
  }

  private static Optional<BigInteger> number(String word, Variables variables) {
    String name = word.replaceAll("[${}]", "");
    Word set = variables.get(name);
    String digits = set == null ? name : set.text();
    return NUMBER.matcher(digits).matches()
        ? Optional.of(new BigInteger(digits))
        : Optional.empty();
  }

  private static Optional<String> result(BigInteger a, String operator, BigInteger b) {
    return switch (operator) {
      case "+" -> Optional.of(a.add(b).toString());
      case "-" -> Optional.of(a.subtract(b).toString());
      case "*" -> Optional.of(a.multiply(b).toString());
      default -> b.signum() == 0 ? Optional.empty() : Optional.of(a.divide(b).toString());
    };
  }
}
