package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a script makes of a variable's text: {@code ${X//a/b}}, {@code ${X##*\/}}, {@code ${X%.*}},
 * {@code ${X,,}}, {@code ${X:+text}}, and how many words an array has, {@code ${#X[@]}}.
 */
final class Expansion {

  private static final int LONGEST_DEFAULT = 200;

  private static final Pattern FORM =
      Pattern.compile(
          "\\$\\{(?:([A-Za-z_]\\w{0,99})(//?|##?|%%?|\\^\\^|,,|:?\\+)([^}$]{0,200})"
              + "|#([A-Za-z_]\\w{0,99})\\[[@*]\\])\\}");

  /** {@code ${MODELS[$NAME]}}, {@code ${MODELS["qwen"]}}, {@code ${CARDS[0]}}. */
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\$\\{([A-Za-z_]\\w{0,99})\\[\"?"
              + "(?:\\$\\{?([A-Za-z_]\\w{0,99})\\}?|([\\w.-]{1,99}))\"?\\]\\}");

  private static final int LONGEST = 1000;
  private static final int MOST_STARS = 2;

  /** The text, and where the expansion ends. */
  record Expanded(String text, int end) {}

  private Expansion() {}

  /** One that starts here, where the script sets what it is made of. */
  static Optional<Expanded> at(
      String text, int start, Variables variables, Map<String, List<Word>> arrays) {
    Matcher form = FORM.matcher(text).region(start, text.length());
    if (!form.lookingAt()) {
      return entry(text, start, variables, arrays);
    }
    if (form.group(4) != null) {
      return Optional.ofNullable(arrays.get(form.group(4)))
          .map(words -> new Expanded(String.valueOf(words.size()), form.end()));
    }
    Word value = variables.get(form.group(1));
    if (form.group(2).endsWith("+")) {
      boolean set = value != null && !value.text().isEmpty();
      return Optional.of(new Expanded(set ? form.group(3) : "", form.end()));
    }
    return Optional.ofNullable(value)
        .filter(word -> isShort(word.text(), form.group(3)))
        .map(word -> new Expanded(made(word.text(), form.group(2), form.group(3)), form.end()));
  }

  private static Optional<Expanded> entry(
      String text, int start, Variables variables, Map<String, List<Word>> arrays) {
    Matcher entry = ENTRY.matcher(text).region(start, text.length());
    if (!entry.lookingAt()) {
      return Optional.empty();
    }
    Optional<String> key =
        entry.group(2) == null
            ? Optional.of(entry.group(3))
            : Optional.ofNullable(variables.get(entry.group(2))).map(Word::text);
    return key.flatMap(
            at ->
                Optional.ofNullable(variables.get(entry.group(1) + "[" + at + "]"))
                    .or(() -> numbered(arrays.get(entry.group(1)), at)))
        .map(word -> new Expanded(word.text(), entry.end()));
  }

  private static Optional<Word> numbered(@Nullable List<Word> words, String at) {
    return words != null && at.matches("\\d{1,4}") && Integer.parseInt(at) < words.size()
        ? Optional.of(words.get(Integer.parseInt(at)))
        : Optional.empty();
  }

  private static String made(String text, String operator, String given) {
    return switch (operator) {
      case "^^" -> text.toUpperCase(Locale.ROOT);
      case ",," -> text.toLowerCase(Locale.ROOT);
      case "#" -> first("^(?:" + glob(given, false) + ")", text);
      case "##" -> first("^(?:" + glob(given, true) + ")", text);
      case "%" -> shortestEnd(glob(given, true), text);
      case "%%" -> first("(?:" + glob(given, true) + ")$", text);
      default -> replaced(text, operator.length() > 1, given);
    };
  }

  /** Stars are tried out, which takes time. */
  static boolean isShort(String text, String pattern) {
    return text.length() <= LONGEST && pattern.chars().filter(c -> c == '*').count() <= MOST_STARS;
  }

  private static String first(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.DOTALL).matcher(text).replaceFirst("");
  }

  private static String shortestEnd(Pattern pattern, String text) {
    for (int start = text.length(); start >= 0; start--) {
      if (pattern.matcher(text.substring(start)).matches()) {
        return text.substring(0, start);
      }
    }
    return text;
  }

  private static String replaced(String text, boolean all, String given) {
    int slash = given.indexOf('/', 1);
    String pattern = slash < 0 ? given : given.substring(0, slash);
    String by = Matcher.quoteReplacement(slash < 0 ? "" : given.substring(slash + 1));
    Matcher found = glob(pattern, true).matcher(text);
    return all ? found.replaceAll(by) : found.replaceFirst(by);
  }

  /** A pattern in which stars stand for any text. */
  static Pattern glob(String pattern, boolean greedy) {
    StringBuilder regex = new StringBuilder();
    for (String part : pattern.split("(?<=\\*)|(?=\\*)")) {
      regex.append(part.equals("*") ? greedy ? ".*" : ".*?" : Pattern.quote(part));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /** What stands behind {@code :-}, without quotes around all of it. */
  static String unquoted(String given) {
    char first = given.isEmpty() ? ' ' : given.charAt(0);
    return given.length() > 1
            && (first == '"' || first == '\'')
            && given.indexOf(first, 1) == given.length() - 1
        ? given.substring(1, given.length() - 1)
        : given;
  }

  /** Where the brace that is open here is closed; 0 where that is too far, or in another line. */
  static int closingBrace(String text, int start) {
    int open = 1;
    int stop = Math.min(text.length(), start + LONGEST_DEFAULT);
    for (int i = start; i < stop && text.charAt(i) != '\n'; i++) {
      open += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
    return 0;
  }
}
