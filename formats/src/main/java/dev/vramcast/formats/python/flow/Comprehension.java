package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Lists that are made of the texts of another one, {@code [t.strip() for t in names if t]}. */
public final class Comprehension {

  private static final String STRIP = ".strip()";

  private Comprehension() {}

  /**
   * The list; empty for any other expression, and where the other list is not known.
   *
   * @param tokens between the square brackets
   * @param value of an expression
   */
  public static Optional<Node> found(List<Token> tokens, Function<List<Token>, Node> value) {
    int each = Pieces.word(tokens, "for");
    int in = Pieces.word(tokens, "in");
    if (each < 1 || in != each + 2 || tokens.get(each + 1).kind() != Kind.NAME) {
      return Optional.empty();
    }
    String name = tokens.get(each + 1).text();
    int asks = Pieces.word(tokens, "if");
    int end = asks < 0 ? tokens.size() : asks;
    String made = Token.joined(tokens.subList(0, each), "");
    String asked = asks < 0 ? name : Token.joined(tokens.subList(asks + 1, tokens.size()), "");
    if (end <= in + 1 || !isText(made, name) || !isText(asked, name)) {
      return Optional.empty();
    }
    return value.apply(tokens.subList(in + 1, end)) instanceof Node.Items list
        ? texts(list, made.endsWith(STRIP), asks >= 0, asked.endsWith(STRIP))
        : Optional.empty();
  }

  private static boolean isText(String made, String name) {
    return made.equals(name) || made.equals(name + STRIP);
  }

  private static Optional<Node> texts(
      Node.Items list, boolean strips, boolean drops, boolean blanks) {
    List<Node> items = new ArrayList<>();
    for (Node item : list.items()) {
      if (!(item.value() instanceof String text) || text.startsWith("<")) {
        return Optional.empty();
      }
      if (!drops || !(blanks ? text.isBlank() : text.isEmpty())) {
        items.add(strips ? new Node.Scalar(text.strip(), item.mark()) : item);
      }
    }
    return Optional.of(new Node.Items(items, list.mark()));
  }
}
