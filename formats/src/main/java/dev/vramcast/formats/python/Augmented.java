package dev.vramcast.formats.python;

import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a name is behind {@code BATCH *= 2}, {@code TARGETS += ["gate_proj"]}. */
final class Augmented {

  private Augmented() {}

  /**
   * The value; its text between angle brackets where it is not known.
   *
   * @param at where the name stands
   * @param end of its statement
   * @param repeats whether that may run more than once
   */
  static Node of(
      List<Token> tokens, int at, int end, Map<String, Node> constants, boolean repeats) {
    Token name = tokens.get(at);
    Token sign = tokens.get(at + 1);
    Node unknown =
        new Node.Scalar(
            "<" + Token.joined(tokens.subList(at, Math.min(end, at + 8)), " ") + ">", name.mark());
    if (repeats || sign.text().length() != 2 || at + 2 >= end) {
      return unknown;
    }
    List<Token> rest = tokens.subList(at + 2, end);
    Node before = constants.getOrDefault(name.text(), unknown);
    Node more = new Expression(constants).value(rest);
    if (before instanceof Node.Items one && more instanceof Node.Items other) {
      List<Node> all = new ArrayList<>(one.items());
      all.addAll(other.items());
      return sign.is("+=") ? new Node.Items(all, name.mark()) : unknown;
    }
    List<Token> whole = new ArrayList<>();
    whole.add(name);
    whole.add(operator(sign.text().substring(0, 1), sign));
    whole.add(operator("(", sign));
    whole.addAll(rest);
    whole.add(operator(")", sign));
    Node value = new Expression(constants).value(whole);
    return Choice.taken(value) instanceof Number ? value : unknown;
  }

  private static Token operator(String text, Token at) {
    return new Token(Kind.OPERATOR, text, at.mark(), at.column());
  }
}
