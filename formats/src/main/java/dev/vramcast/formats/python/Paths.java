package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.Pieces;
import dev.vramcast.formats.python.handed.Bounds;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Folders that a program puts together, of which the last name says what a model is. */
final class Paths {

  private static final Set<String> SAME =
      Set.of("as_posix", "resolve", "expanduser", "absolute", "__str__");

  private Paths() {}

  /**
   * {@code ROOT / "models" / "name"} and {@code os.path.join(ROOT, "models", "name")}; a part that
   * is not known stands by its name. Empty where the expression is neither, ends in such a part, or
   * is longer than any path.
   *
   * @param value of an expression
   */
  static Optional<Node> found(List<Token> tokens, Function<List<Token>, Node> value) {
    Optional<Node> itself = itself(tokens, value);
    if (itself.isPresent()) {
      return itself;
    }
    List<List<Token>> parts = parts(tokens);
    if (parts.size() < 2 || parts.stream().anyMatch(List::isEmpty)) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (List<Token> part : parts) {
      names.add(
          value.apply(part).value() instanceof String text && !text.startsWith("<")
              ? text
              : "${" + part.get(0).text() + (part.size() == 1 ? "}" : "...}"));
    }
    String last = names.get(names.size() - 1);
    long length = names.stream().mapToLong(String::length).sum();
    return last.startsWith("${") || length > Bounds.LONGEST_TEXT
        ? Optional.empty()
        : Optional.of(new Node.Scalar(String.join("/", names), tokens.get(0).mark()));
  }

  /** {@code x.as_posix()} and its like, which name the same folder as x. */
  private static Optional<Node> itself(List<Token> tokens, Function<List<Token>, Node> value) {
    int end = tokens.size() - 4;
    boolean same =
        end > 0
            && tokens.get(end).is(".")
            && SAME.contains(tokens.get(end + 1).text())
            && tokens.get(end + 2).is("(")
            && tokens.get(end + 3).is(")");
    return same
        ? Optional.of(value.apply(tokens.subList(0, end)))
            .filter(path -> path.value() instanceof String name && !name.startsWith("<"))
        : Optional.empty();
  }

  private static List<List<Token>> parts(List<Token> tokens) {
    String start = String.join("", tokens.stream().limit(6).map(Token::text).toList());
    if (start.equals("os.path.join(") && tokens.get(tokens.size() - 1).closes()) {
      return Expression.parts(tokens.subList(6, tokens.size() - 1));
    }
    List<List<Token>> parts = new ArrayList<>();
    int from = 0;
    for (int at : Pieces.outermost(tokens).filter(i -> tokens.get(i).is("/")).toArray()) {
      parts.add(tokens.subList(from, at));
      from = at + 1;
    }
    parts.add(tokens.subList(from, tokens.size()));
    return parts;
  }
}
