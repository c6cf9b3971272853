package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.Pieces;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** What methods make of a text that is known, and what a text names. */
final class TextMethods {

  private static final Map<String, UnaryOperator<String>> METHODS =
      Map.of(
          "lower", text -> text.toLowerCase(Locale.ROOT),
          "upper", text -> text.toUpperCase(Locale.ROOT),
          "strip", String::strip);

  /** A name that may stand for any value. */
  private static final Pattern DOTTED = Pattern.compile("[A-Za-z_]\\w*(?:\\.\\w+)++");

  private static final Pattern DTYPE = Pattern.compile("b?float16|float32|half|float");

  /** Behind a text: a dot, the name and two brackets. */
  private static final int LEAST = 5;

  private TextMethods() {}

  /** {@code os.environ.get("MODE", "LoRA").lower()}; empty for anything else. */
  static Optional<Node> found(List<Token> tokens, Function<List<Token>, Node> value) {
    int object = tokens.size() - LEAST + 1;
    boolean called =
        object > 0
            && tokens.get(object).is(".")
            && tokens.get(object + 2).is("(")
            && tokens.get(object + 3).is(")");
    UnaryOperator<String> method = called ? METHODS.get(tokens.get(object + 1).text()) : null;
    if (method == null) {
      return Optional.empty();
    }
    Node whole = value.apply(tokens.subList(0, object));
    return known(whole)
        .map(text -> Choice.under(whole, new Node.Scalar(method.apply(text), whole.mark())));
  }

  /** A key as it is written, or the text that an expression has alone. */
  static Optional<String> text(List<Token> key, Function<List<Token>, Node> value) {
    if (key.size() == 1 && key.get(0).kind() == Kind.STRING) {
      return Optional.of(key.get(0).text());
    }
    Node node = value.apply(key);
    return node.value() instanceof Choice ? Optional.empty() : known(node);
  }

  /** {@code getattr(torch, "bfloat16")}. */
  static Optional<Node> dtype(List<Token> name, Function<List<Token>, Node> value) {
    Node node = value.apply(name);
    return known(node)
        .filter(text -> DTYPE.matcher(text).matches())
        .map(text -> Choice.under(node, new Node.Scalar("torch." + text, node.mark())));
  }

  private static Optional<String> known(Node node) {
    return Choice.text(node)
        .filter(text -> !Pieces.isOutside(node) && !text.startsWith("<"))
        .filter(text -> !DOTTED.matcher(text).matches());
  }
}
