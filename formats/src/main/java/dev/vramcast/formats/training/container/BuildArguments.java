package dev.vramcast.formats.training.container;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that a Dockerfile has in front of its stages, by name. */
final class BuildArguments {

  private static final Pattern SET =
      Pattern.compile("(?<!\\S)(\\w{1,100})=(?:\"([^\"]*)\"|'([^']*)'|(\\S*))");

  private static final Pattern USED =
      Pattern.compile("\\$(?:(\\w{1,100})|\\{(\\w{1,100})(?::?-([^}]*))?\\})");

  /** Characters of a value; longer than any name of a stage. */
  private static final int LONGEST = 500;

  private final Map<String, String> values = new HashMap<>();

  /** Takes what an {@code ARG} sets; what is set nowhere, its builder is told. */
  void set(String words) {
    for (Matcher set = SET.matcher(words); set.find(); ) {
      String given = set.group(2) == null ? set.group(4) : set.group(2);
      String value = given == null ? set.group(3) : filledIn(given);
      values.put(set.group(1), value.length() > LONGEST ? "" : value);
    }
  }

  /** Text with the values of its variables, nothing for one that has none; none of a long text. */
  String filledIn(String text) {
    if (text.length() > LONGEST) {
      return "";
    }
    return USED.matcher(text)
        .replaceAll(
            used ->
                Matcher.quoteReplacement(
                    Optional.ofNullable(used.group(1))
                        .or(() -> Optional.ofNullable(used.group(2)))
                        .map(values::get)
                        .or(() -> Optional.ofNullable(used.group(3)))
                        .orElse("")));
  }
}
