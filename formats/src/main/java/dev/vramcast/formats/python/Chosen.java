package dev.vramcast.formats.python;

import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values of expressions with those of choices in their place; what is made of them is one too. */
final class Chosen implements Function<List<Token>, Node> {

  private final Function<List<Token>, Node> values;

  /** The first choice among them. */
  private @Nullable Node first;

  Chosen(Function<List<Token>, Node> values) {
    this.values = values;
  }

  @Override
  public Node apply(List<Token> tokens) {
    Node node = values.apply(tokens);
    if (!(node.value() instanceof Choice choice)) {
      return node;
    }
    first = first == null ? node : first;
    return new Node.Scalar(choice.value(), node.mark());
  }

  /** What is made of the values, under the condition of the first choice among them. */
  Node under(Node made) {
    return first == null ? made : Choice.under(first, made);
  }
}
