package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What is asked of the pieces of an expression before its value is known. */
public final class Pieces {

  private static final int LONGEST_DIGITS = 30;

  /** How programs call what holds their arguments. */
  private static final Pattern ARGUMENTS =
      Pattern.compile("(?i)\\w*(?:args?|arguments|config|cfg|opts?|options|flags|params)");

  private Pieces() {}

  /** Whether a name is that of the program's arguments, or one that programs give them. */
  public static boolean isArguments(Token token) {
    return token.parsed() || ARGUMENTS.matcher(token.text()).matches();
  }

  /** Where a word stands outside of brackets; -1 where it does not. */
  public static int word(List<Token> tokens, String word) {
    return outermost(tokens)
        .filter(i -> tokens.get(i).kind() == Kind.NAME && tokens.get(i).text().equals(word))
        .findFirst()
        .orElse(-1);
  }

  /** Where tokens stand outside of brackets, a closing one among them. */
  public static IntStream outermost(List<Token> tokens) {
    int[] depths = new int[tokens.size()];
    int depth = 0;
    for (int i = 0; i < depths.length; i++) {
      depth += tokens.get(i).opens() ? 1 : tokens.get(i).closes() ? -1 : 0;
      depths[i] = depth;
    }
    return IntStream.range(0, depths.length).filter(i -> depths[i] == 0);
  }

  /** The number, or its text where it has a form of its own. */
  public static Object number(String text) {
    String digits = text.replace("_", "");
    return digits.length() <= LONGEST_DIGITS
            && digits.matches("-?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?")
        ? new BigDecimal(digits)
        : digits;
  }

  /** A value as one under a condition, beside its own; what is not known stays as it is. */
  public static Node choice(String condition, Node node) {
    return node instanceof Node.Scalar && node.value() != null && !isOutside(node)
        ? new Node.Scalar(
            node.value() instanceof Choice inner
                ? inner.and(condition)
                : new Choice(node.value(), condition),
            node.mark())
        : node;
  }

  /** What is not known, since it is so under a condition alone. */
  public static Node open(String what, String condition, Mark mark) {
    String text = (what + " if " + condition).replaceAll("[<>\\s]+", " ").strip();
    return new Node.Scalar("<" + text + ">", mark);
  }

  /** Whether a name may be missing among arguments, where {@link #open} has it. */
  public static boolean mayBeMissing(String name, Node node) {
    return isOutside(node) && String.valueOf(node.value()).startsWith("<" + name + " if ");
  }

  /** Whether a value is not known, and only its text is. */
  public static boolean isOutside(Node node) {
    return node instanceof Node.Scalar scalar
        && scalar.value() instanceof String text
        && text.startsWith("<");
  }
}
