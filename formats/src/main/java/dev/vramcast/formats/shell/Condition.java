package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code [ ... ]} and {@code [[ ... ]]} ask, of texts and whole numbers. */
final class Condition {

  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");

  /** A variable or an argument that the script does not set: nothing is given for it. */
  private static final Pattern UNSET = Pattern.compile("\\$(?:\\{?[A-Za-z_]\\w*\\}?|\\{?\\d\\}?)");

  /** Whether something is so. */
  enum Holds {
    NO,
    UNKNOWN,
    YES;

    Holds and(Holds other) {
      return compareTo(other) < 0 ? this : other;
    }

    Holds or(Holds other) {
      return compareTo(other) > 0 ? this : other;
    }

    Holds not() {
      return values()[YES.ordinal() - ordinal()];
    }

    static Holds of(boolean known) {
      return known ? YES : NO;
    }
  }

  private Condition() {}

  /** Whether a command only asks. */
  static boolean isTest(List<Word> words) {
    String first = words.isEmpty() ? "" : words.get(0).text();
    boolean negated = first.equals("!");
    String asks = negated && words.size() > 1 ? words.get(1).text() : first;
    return asks.equals("[") || asks.equals("[[") || asks.equals("test");
  }

  /**
   * The file that a command asks for; null where it asks for none.
   *
   * @param there whether it holds where that is there
   */
  static @Nullable String file(List<Word> words, boolean there) {
    List<String> asked = words.stream().map(Word::text).toList();
    int at =
        asked.stream()
            .filter(word -> word.matches("-[defrs]"))
            .findFirst()
            .map(asked::indexOf)
            .orElse(-1);
    boolean known = isTest(words) && at >= 0 && at + 1 < asked.size();
    return known && asked.contains("!") != there ? asked.get(at + 1) : null;
  }

  /** The answer, where it follows from the words. */
  static Holds of(List<Word> words) {
    if (!isTest(words)) {
      return Holds.UNKNOWN;
    }
    if (words.get(0).text().equals("!")) {
      return of(words.subList(1, words.size())).not();
    }
    int last = words.size() - 1;
    boolean closed = words.get(last).text().matches("\\]\\]?");
    if (!closed && !words.get(0).text().equals("test")) {
      return Holds.UNKNOWN;
    }
    List<String> asked =
        words.subList(1, closed ? last : last + 1).stream().map(Word::text).toList();
    return asked.size() > 1 && asked.get(0).equals("!")
        ? asked(asked.subList(1, asked.size())).not()
        : asked(asked);
  }

  private static Holds asked(List<String> asked) {
    return switch (asked.size()) {
      case 1 -> isEmpty(asked.get(0)).not();
      case 2 ->
          switch (asked.get(0)) {
            case "-z" -> isEmpty(asked.get(1));
            case "-n" -> isEmpty(asked.get(1)).not();
            default -> Holds.UNKNOWN;
          };
      case 3 -> compared(asked.get(0), asked.get(1), asked.get(2));
      default -> Holds.UNKNOWN;
    };
  }

  private static Holds isEmpty(String text) {
    if (UNSET.matcher(text).matches()) {
      return Holds.YES;
    }
    return isOpen(text) ? Holds.UNKNOWN : Holds.of(text.isEmpty());
  }

  private static Holds compared(String left, String operator, String right) {
    return switch (operator) {
      case "=", "==" -> matches(left, right);
      case "!=" -> matches(left, right).not();
      case "-eq", "-ne", "-lt", "-le", "-gt", "-ge" ->
          number(left)
              .flatMap(a -> number(right).map(a::compareTo))
              .map(order -> Holds.of(isSo(operator, order)))
              .orElse(Holds.UNKNOWN);
      default -> Holds.UNKNOWN;
    };
  }

  private static boolean isSo(String operator, int order) {
    return switch (operator) {
      case "-eq" -> order == 0;
      case "-ne" -> order != 0;
      case "-lt" -> order < 0;
      case "-le" -> order <= 0;
      case "-gt" -> order > 0;
      default -> order >= 0;
    };
  }

  private static Optional<BigInteger> number(String text) {
    return NUMBER.matcher(text).matches() ? Optional.of(new BigInteger(text)) : Optional.empty();
  }

  /** Whether a text is of a pattern with stars. */
  static Holds matches(String text, String pattern) {
    boolean tried = Expansion.isShort(text, pattern);
    if (!tried || isOpen(text) || isOpen(pattern) || pattern.matches(".*[?\\[].*")) {
      return pattern.equals("*") ? Holds.YES : Holds.UNKNOWN;
    }
    return Holds.of(Expansion.glob(pattern, true).matcher(text).matches());
  }

  private static boolean isOpen(String text) {
    return text.indexOf('$') >= 0 || text.indexOf('`') >= 0;
  }
}
