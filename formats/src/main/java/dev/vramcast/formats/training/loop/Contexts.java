package dev.vramcast.formats.training.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Contexts that one {@code with} enters: {@code with accumulate(model), autocast():} has two. */
final class Contexts {

  private static final Pattern WITH =
      Pattern.compile("(?:async\\s++)?with\\b(.*):", Pattern.DOTALL);

  private static final Pattern NAMED = Pattern.compile("\\)\\s++as\\s++[\\w.]++$");

  private Contexts() {}

  /** The expressions between a head's word and its colon, without the names that they are given. */
  static List<String> of(String head) {
    Matcher with = WITH.matcher(head);
    return with.matches() ? parts(inner(with.group(1).strip())) : List.of(head);
  }

  /** What stands between commas outside of brackets. */
  static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ',';
      depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      if (c == ',' && depth <= 0 || i == text.length()) {
        String part = NAMED.matcher(text.substring(from, i).strip()).replaceAll(")");
        if (!part.isEmpty()) {
          parts.add(part);
        }
        from = i + 1;
      }
    }
    return parts;
  }

  /** Without brackets around all of them. */
  private static String inner(String text) {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
      if (depth == 0) {
        boolean whole = i == text.length() - 1 && i > 0;
        return whole ? text.substring(1, i) : text;
      }
    }
    return text;
  }
}
