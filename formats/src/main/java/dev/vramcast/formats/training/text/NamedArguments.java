package dev.vramcast.formats.training.text;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variable that a trainer is told its arguments by, whose name a call has no more. */
final class NamedArguments {

  private static final int MOST_LINES = 200;
  private static final int LONGEST = 20_000;

  private static final Pattern KEYWORD = Pattern.compile("args\\s*=\\s*([A-Za-z_]\\w*)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");

  /** A text or a comment, in which brackets and commas are none. */
  private static final Pattern OPAQUE =
      Pattern.compile("#[^\\n]*|\"(?:[^\"\\\\\\n]|\\\\.)*+\"|'(?:[^'\\\\\\n]|\\\\.)*+'");

  private NamedArguments() {}

  /**
   * The name behind {@code args=}, or the second argument, where it is a name.
   *
   * @param nth which of the calls of that name in its line it is, from 0
   */
  static Optional<String> of(List<Node.Scalar> lines, Call trainer, int nth) {
    Pattern call = Pattern.compile("(?<![\\w.])" + Pattern.quote(trainer.name()) + "\\s*\\(");
    int left = nth;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).line() != trainer.line()) {
        continue;
      }
      String text = plain(String.valueOf(lines.get(i).value()));
      for (Matcher found = call.matcher(text); found.find(); left--) {
        if (left == 0) {
          return name(arguments(text.substring(found.end()) + '\n' + following(lines, i)));
        }
      }
    }
    return Optional.empty();
  }

  private static String following(List<Node.Scalar> lines, int at) {
    StringBuilder text = new StringBuilder();
    int end = Math.min(lines.size(), at + MOST_LINES);
    for (int i = at + 1; i < end && text.length() < LONGEST; i++) {
      text.append(plain(String.valueOf(lines.get(i).value()))).append('\n');
    }
    return text.toString();
  }

  private static String plain(String line) {
    String start = line.substring(0, Math.min(line.length(), LONGEST));
    return OPAQUE.matcher(start).replaceAll(found -> found.group().startsWith("#") ? "" : "0");
  }

  /** What stands between the commas of a call, up to its closing bracket. */
  private static List<String> arguments(String text) {
    List<String> arguments = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length() && depth >= 0; i++) {
      char at = text.charAt(i);
      depth += "([{".indexOf(at) >= 0 ? 1 : ")]}".indexOf(at) >= 0 ? -1 : 0;
      if (depth < 0 || depth == 0 && at == ',') {
        arguments.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    return arguments;
  }

  private static Optional<String> name(List<String> arguments) {
    Optional<String> keyword =
        arguments.stream()
            .map(KEYWORD::matcher)
            .filter(Matcher::matches)
            .map(found -> found.group(1))
            .findFirst();
    return keyword.or(
        () ->
            arguments.stream()
                .limit(2)
                .skip(1)
                .filter(text -> NAME.matcher(text).matches())
                .findFirst());
  }
}
