package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.AskedGpu;
import dev.vramcast.formats.python.flow.Pieces;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.handed.Dictionaries;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code not}, {@code and}, {@code or}, equality, order and membership, of values that are known.
 */
final class Logic {

  private static final Set<String> SIGNS = Set.of("==", "!=", "<", ">", "<=", ">=");
  private static final Set<String> WORDS = Set.of("is", "in");
  private static final Set<String> LITERALS = Set.of("None", "True", "False");
  private static final Set<String> EQUALITY = Set.of("==", "!=", "is");

  /** A part of an object, {@code model.dtype}, which another name may stand for. */
  private static final Pattern PART = Pattern.compile("[a-z_]\\w*(?:\\.[a-z_]\\w*)+");

  private static final Set<String> ORDER = Set.of("<", ">", "<=", ">=");

  private Logic() {}

  /** Whether the operator that is applied last is one of these. */
  static boolean isLogic(List<Token> tokens) {
    return connective(tokens, "or") > 0
        || connective(tokens, "and") > 0
        || isNegation(tokens)
        || comparison(tokens, 1) > 0;
  }

  /**
   * The value; empty where it is not known.
   *
   * @param value of an expression
   */
  static Optional<Node> found(List<Token> tokens, Function<List<Token>, Node> value) {
    for (String word : List.of("or", "and")) {
      int at = connective(tokens, word);
      if (at > 0) {
        Node left = value.apply(tokens.subList(0, at));
        Node right = value.apply(tokens.subList(at + 1, tokens.size()));
        return both(word, left, right);
      }
    }
    if (isNegation(tokens)) {
      Node inner = value.apply(tokens.subList(1, tokens.size()));
      return truth(inner).map(holds -> of(!holds, inner, inner));
    }
    Optional<Boolean> gpu = AskedGpu.ofGpu(tokens);
    if (gpu.isPresent()) {
      String asked = Token.joined(tokens, "");
      return Optional.of(new Node.Scalar(new Choice(gpu.get(), asked), tokens.get(0).mark()));
    }
    int at = comparison(tokens, 1);
    // Python takes a < b < c for both at once.
    if (at < 0 || comparison(tokens, at + 1) > 0) {
      return Optional.empty();
    }
    String sign = tokens.get(at).text();
    return ORDER.contains(sign)
        ? ordered(tokens, at, value)
        : sign.equals("in") ? within(tokens, at, value) : same(tokens, at, value);
  }

  /**
   * {@code dtype in ["auto", None]}, of a list that is written there, and {@code "qwen" in name},
   * of texts.
   */
  private static Optional<Node> within(
      List<Token> tokens, int at, Function<List<Token>, Node> value) {
    boolean not = isName(tokens.get(at - 1), "not");
    List<Token> before = tokens.subList(0, not ? at - 1 : at);
    List<Token> behind = tokens.subList(at + 1, tokens.size());
    if (before.isEmpty() || Pieces.word(tokens, "for") >= 0) {
      return Optional.empty();
    }
    Node left = value.apply(before);
    Node right = value.apply(behind);
    Object looked = Choice.taken(left);
    if (!isKnown(before, left)) {
      return Optional.empty();
    }
    Optional<Boolean> found = Optional.empty();
    if (right instanceof Node.Items items && behind.stream().allMatch(Logic::isWritten)) {
      found =
          Optional.of(items.items().stream().anyMatch(one -> isSame(looked, one.value(), false)));
    } else if (looked instanceof String part
        && Choice.taken(right) instanceof String whole
        && isKnown(behind, right)) {
      found = Optional.of(whole.contains(part));
    }
    return found.map(holds -> of(holds != not, left, right));
  }

  /** A part of a list whose values stand there themselves. */
  private static boolean isWritten(Token token) {
    return token.kind() != Kind.NAME || LITERALS.contains(token.text());
  }

  private static int connective(List<Token> tokens, String word) {
    int at = Pieces.word(tokens, word);
    return at + 1 < tokens.size() ? at : -1;
  }

  private static boolean isNegation(List<Token> tokens) {
    return tokens.size() > 1 && isName(tokens.get(0), "not");
  }

  private static boolean isName(Token token, String word) {
    return token.kind() == Kind.NAME && token.text().equals(word);
  }

  /** Where the first comparison stands outside of brackets from a place on; -1 where none does. */
  private static int comparison(List<Token> tokens, int from) {
    return Pieces.outermost(tokens)
        .filter(i -> i >= from && i + 1 < tokens.size() && isComparison(tokens.get(i)))
        .findFirst()
        .orElse(-1);
  }

  private static boolean isComparison(Token token) {
    return token.kind() == Kind.OPERATOR && SIGNS.contains(token.text())
        || token.kind() == Kind.NAME && WORDS.contains(token.text());
  }

  /** Python answers with one of both values, not with whether it holds. */
  private static Optional<Node> both(String word, Node left, Node right) {
    Optional<Boolean> first = truth(left);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    boolean decided = first.get() == word.equals("or");
    return decided
        ? Optional.of(left)
        : Optional.of(right).filter(node -> !Pieces.isOutside(node)).map(node -> under(left, node));
  }

  /** {@code RANK > 16}, of numbers. */
  private static Optional<Node> ordered(
      List<Token> tokens, int at, Function<List<Token>, Node> value) {
    Node left = value.apply(tokens.subList(0, at));
    Node right = value.apply(tokens.subList(at + 1, tokens.size()));
    Object a = counted(Choice.taken(left));
    Object b = counted(Choice.taken(right));
    if (!(a instanceof BigDecimal x) || !(b instanceof BigDecimal y)) {
      return Optional.empty();
    }
    int order = x.compareTo(y);
    String sign = tokens.get(at).text();
    boolean strict = sign.startsWith("<") ? order < 0 : order > 0;
    return Optional.of(of(strict || order == 0 && sign.endsWith("="), left, right));
  }

  /** {@code dtype == torch.bfloat16}, {@code os.environ.get("BITS", "4") != "4"}. */
  private static Optional<Node> same(
      List<Token> tokens, int at, Function<List<Token>, Node> value) {
    String sign = tokens.get(at).text();
    boolean isNot = sign.equals("is") && isName(tokens.get(at + 1), "not");
    List<Token> before = tokens.subList(0, at);
    List<Token> behind = tokens.subList(at + (isNot ? 2 : 1), tokens.size());
    if (!EQUALITY.contains(sign) || behind.isEmpty()) {
      return Optional.empty();
    }
    Node left = value.apply(before);
    Node right = value.apply(behind);
    boolean asked = isNot || sign.equals("!=");
    if (Lookup.isUnset(before) && isKnown(behind, right)) {
      return Optional.of(of(asked, right, right));
    }
    boolean one = sign.equals("is");
    return isKnown(before, left) && isKnown(behind, right)
        ? Optional.of(
            of(asked != isSame(Choice.taken(left), Choice.taken(right), one), left, right))
        : Optional.empty();
  }

  /** To Python, {@code True == 1} holds and {@code True is 1} does not. */
  private static boolean isSame(@Nullable Object left, @Nullable Object right, boolean one) {
    Object a = one ? left : counted(left);
    Object b = one ? right : counted(right);
    return a instanceof BigDecimal x && b instanceof BigDecimal y
        ? x.compareTo(y) == 0
        : Objects.equals(a, b);
  }

  private static @Nullable Object counted(@Nullable Object value) {
    return value instanceof Boolean holds ? (holds ? BigDecimal.ONE : BigDecimal.ZERO) : value;
  }

  /** Names with dots that stand for nothing but themselves are known of types alone. */
  private static boolean isKnown(List<Token> tokens, Node node) {
    Object value = Choice.taken(node);
    if (!(value instanceof String text)) {
      // What an option has that is required is written nowhere.
      boolean none = node instanceof Node.Scalar && value == null && !node.mark().equals(Mark.NONE);
      return none || value instanceof Boolean || value instanceof BigDecimal;
    }
    boolean itself = tokens.size() > 1 && text.equals(Token.joined(tokens, ""));
    boolean part = tokens.get(0).kind() == Kind.NAME && PART.matcher(text).matches();
    return !text.startsWith("<") && (!itself && !part || text.startsWith("torch."));
  }

  /** What follows from a choice is one. */
  private static Node of(boolean holds, Node left, Node right) {
    Node from = left.value() instanceof Choice ? left : right;
    return Choice.under(from, new Node.Scalar(holds, left.mark()));
  }

  /**
   * Whether a value holds; empty where that is not known. Text that is not empty may stand for a
   * name of which nothing is known, so that it is not taken for true.
   */
  static Optional<Boolean> truth(Node node) {
    if (node instanceof Node.Items items) {
      // [*NAMES] and [n for n in NAMES] may be empty.
      boolean sure = items.items().stream().anyMatch(item -> !Pieces.isOutside(item));
      return sure || items.items().isEmpty() ? Optional.of(sure) : Optional.empty();
    }
    if (node instanceof Node.Fields dictionary) {
      return truth(dictionary);
    }
    Object value = Choice.taken(node);
    if (value instanceof String text) {
      return text.isEmpty() ? Optional.of(false) : Optional.empty();
    }
    if (value instanceof BigDecimal number) {
      return Optional.of(number.signum() != 0);
    }
    return value == null || value instanceof Boolean
        ? Optional.of(Boolean.TRUE.equals(value))
        : Optional.empty();
  }

  /** One of which no entry could be read is kept in a map that could hold some. */
  private static Optional<Boolean> truth(Node.Fields dictionary) {
    boolean empty =
        dictionary.fields().keySet().stream().allMatch(name -> name.equals(Dictionaries.OPEN));
    return empty && dictionary.fields() instanceof LinkedHashMap
        ? Optional.empty()
        : Optional.of(!empty);
  }

  /** A node as a choice under the condition of another one, where that is one. */
  static Node under(Node condition, Node node) {
    Object value = Choice.taken(node);
    return condition.value() instanceof Choice choice && value != null
        ? new Node.Scalar(new Choice(value, choice.condition()), node.mark())
        : node;
  }
}
