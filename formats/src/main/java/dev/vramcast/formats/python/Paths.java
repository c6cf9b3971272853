package dev.vramcast.formats.python;

import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Folders that a program puts together, of which the last name says what a model is. */
final class Paths {

  private Paths() {}

  /**
   * {@code ROOT / "models" / "name"} and {@code os.path.join(ROOT, "models", "name")}; a part that
   * is not known stands by its name. Empty where the expression is neither, or ends in such a part.
   *
   * @param value of an expression
   */
  static Optional<Node> found(List<Token> tokens, Function<List<Token>, Node> value) {
    List<List<Token>> parts = parts(tokens);
    if (parts.size() < 2 || parts.stream().anyMatch(List::isEmpty)) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (List<Token> part : parts) {
      names.add(
          value.apply(part).value() instanceof String text && !text.startsWith("<")
              ? text
              : "${" + part.get(0).text() + "}");
    }
    String last = names.get(names.size() - 1);
    return last.startsWith("${")
        ? Optional.empty()
        : Optional.of(new Node.Scalar(String.join("/", names), tokens.get(0).line()));
  }

  private static List<List<Token>> parts(List<Token> tokens) {
    String start = String.join("", tokens.stream().limit(6).map(Token::text).toList());
    if (start.equals("os.path.join(") && tokens.get(tokens.size() - 1).closes()) {
      return Expression.parts(tokens.subList(6, tokens.size() - 1));
    }
    List<List<Token>> parts = new ArrayList<>();
    int from = 0;
    for (int at : Expression.outermost(tokens).filter(i -> tokens.get(i).is("/")).toArray()) {
      parts.add(tokens.subList(from, at));
      from = at + 1;
    }
    parts.add(tokens.subList(from, tokens.size()));
    return parts;
  }
}
