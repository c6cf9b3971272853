package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Names that have one value wherever a program runs: all that gives them one agrees, and one at
 * least runs for certain. Anything else is not known.
 */
public final class KnownNames {

  /** Conditions that names of known conditions decide, and those of theirs. */
  private static final int MOST_PASSES = 3;

  /** Statements that give a name its value; a name with more is not known. */
  private static final int MOST_BINDINGS = 50;

  /** Tokens of a condition; a longer one is not known. */
  private static final int LONGEST_CONDITION = 200;

  /** A value that is known, and may be {@code None}. */
  public record Known(@Nullable Object value) {

    /** What Python takes it for in a condition. */
    boolean holds() {
      return value instanceof Boolean b
          ? b
          : value instanceof BigDecimal number
              ? number.signum() != 0
              : value instanceof String text && !text.isEmpty();
    }

    /** To Python, {@code True == 1} holds. */
    boolean equal(Known other) {
      Object a = counted();
      Object b = other.counted();
      return a instanceof BigDecimal x && b instanceof BigDecimal y
          ? x.compareTo(y) == 0
          : Objects.equals(a, b);
    }

    private @Nullable Object counted() {
      return value instanceof Boolean b ? (b ? BigDecimal.ONE : BigDecimal.ZERO) : value;
    }
  }

  /**
   * What gives a name its value.
   *
   * @param value empty where it is not known
   * @param sure whether it runs where its function does
   * @param start of the function, or of the program
   * @param end of the same
   */
  record Binding(Optional<Known> value, boolean sure, int start, int end) {

    boolean reaches(int at) {
      return sure && start <= at && at < end;
    }
  }

  private final Map<String, List<Binding>> names;
  private final Map<String, Known> told;
  private final Set<String> settled;

  private KnownNames(
      Map<String, List<Binding>> names, Map<String, Known> told, Set<String> settled) {
    this.names = names;
    this.settled = settled;
    this.told = told;
  }

  /**
   * The names of a program.
   *
   * @param told what its command says of its arguments, by their names
   */
  public static KnownNames of(Statements statements, Map<String, Known> told) {
    KnownNames known = new KnownNames(Map.of(), told, Set.of());
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      Bindings bindings = new Bindings(statements, known);
      bindings.read();
      KnownNames next = new KnownNames(bindings.names(), told, bindings.settled());
      if (pass > 0 && next.names.equals(known.names)) {
        return next;
      }
      known = next;
    }
    return known;
  }

  /** Names that have one value, which nothing changes. */
  public Set<String> settled() {
    return settled;
  }

  /** Whether a condition holds at a place; empty where that is not known. */
  Optional<Boolean> holds(List<Token> tokens, int at) {
    boolean other =
        Stream.of("if", "else", "lambda", "for").anyMatch(word -> Pieces.word(tokens, word) >= 0);
    if (other || tokens.size() > LONGEST_CONDITION) {
      return Optional.empty();
    }
    for (String word : List.of("or", "and")) {
      int place = Pieces.word(tokens, word);
      if (place >= 0) {
        return place == 0 || place + 1 == tokens.size()
            ? Optional.empty()
            : both(tokens, place, at);
      }
    }
    if (tokens.size() > 1 && isWord(tokens.get(0), "not")) {
      return holds(tokens.subList(1, tokens.size()), at).map(holds -> !holds);
    }
    if (tokens.size() > 2 && tokens.get(0).is("(") && isOnePart(tokens)) {
      return holds(tokens.subList(1, tokens.size() - 1), at);
    }
    return AskedGpu.ofGpu(tokens)
        .or(() -> compared(tokens, at))
        .or(() -> value(tokens, at).map(Known::holds));
  }

  private static boolean isWord(Token token, String word) {
    return token.kind() == Kind.NAME && token.text().equals(word);
  }

  /** Whether a bracket stands around all tokens. */
  private static boolean isOnePart(List<Token> tokens) {
    return Pieces.outermost(tokens).count() == 1
        && tokens.get(tokens.size() - 1).is(")")
        && tokens.stream().noneMatch(token -> token.is(","));
  }

  private Optional<Boolean> both(List<Token> tokens, int place, int at) {
    boolean or = tokens.get(place).text().equals("or");
    Optional<Boolean> left = holds(tokens.subList(0, place), at);
    Optional<Boolean> right = holds(tokens.subList(place + 1, tokens.size()), at);
    boolean decided = left.orElse(!or) == or || right.orElse(!or) == or;
    return decided
        ? Optional.of(or)
        : left.isPresent() && right.isPresent() ? left : Optional.empty();
  }

  private Optional<Boolean> compared(List<Token> tokens, int at) {
    int[] places =
        Pieces.outermost(tokens).filter(i -> isComparison(tokens.get(i))).limit(2).toArray();
    if (places.length == 0 || places[0] == 0) {
      return Optional.empty();
    }
    int sign = places[0];
    boolean isNot = isWord(tokens.get(sign), "is") && isWord(tokens.get(sign + 1), "not");
    int right = sign + (isNot ? 2 : 1);
    if (places.length > 1 || right >= tokens.size()) {
      return Optional.empty();
    }
    Optional<Known> a = value(tokens.subList(0, sign), at);
    Optional<Known> b = value(tokens.subList(right, tokens.size()), at);
    return a.isEmpty() || b.isEmpty()
        ? Optional.empty()
        : compare(tokens.get(sign).text(), isNot, a.get(), b.get());
  }

  private static boolean isComparison(Token token) {
    return isWord(token, "is")
        || isWord(token, "in")
        || token.kind() == Kind.OPERATOR && token.text().matches("[=!<>]=|[<>]");
  }

  private static Optional<Boolean> compare(String sign, boolean isNot, Known a, Known b) {
    return switch (sign) {
      case "==" -> Optional.of(a.equal(b));
      case "!=" -> Optional.of(!a.equal(b));
      // Which numbers and texts are one object is the interpreter's.
      case "is" ->
          b.value() == null || b.value() instanceof Boolean
              ? Optional.of(Objects.equals(a.value(), b.value()) != isNot)
              : Optional.empty();
      default -> ordered(sign, a.value(), b.value());
    };
  }

  private static Optional<Boolean> ordered(String sign, @Nullable Object a, @Nullable Object b) {
    if (!(a instanceof BigDecimal x) || !(b instanceof BigDecimal y)) {
      return Optional.empty();
    }
    int order = sign.startsWith("<") ? x.compareTo(y) : y.compareTo(x);
    return Optional.of(order < 0 || order == 0 && sign.endsWith("="));
  }

  /** Whether a name is None at a place, whatever runs before it. */
  public boolean isNone(Token name, int at) {
    return value(List.of(name), at).filter(known -> known.value() == null).isPresent();
  }

  /** The value that tokens stand for at a place; empty where it is not known. */
  Optional<Known> value(List<Token> tokens, int at) {
    Token first = tokens.get(0);
    if (tokens.size() == 1) {
      return first.kind() == Kind.NAME ? named(first.text(), at) : literal(first.text(), first);
    }
    if (tokens.size() == 2 && first.is("-") && tokens.get(1).kind() == Kind.NUMBER) {
      return literal("-" + tokens.get(1).text(), tokens.get(1));
    }
    // Arguments may be a part of an object: self.config.rank.
    int last = tokens.size() - 1;
    boolean part = last == 2 || last == 4 && tokens.get(1).is(".") && isWord(first, "self");
    if (part && tokens.get(last - 1).is(".") && Pieces.isArguments(tokens.get(last - 2))) {
      return Optional.ofNullable(told.get(tokens.get(last).text()));
    }
    return Optional.empty();
  }

  private Optional<Known> named(String name, int at) {
    return switch (name) {
      case "True" -> Optional.of(new Known(true));
      case "False" -> Optional.of(new Known(false));
      case "None" -> Optional.of(new Known(null));
      default -> bound(names.getOrDefault(name, List.of()), at);
    };
  }

  private static Optional<Known> bound(List<Binding> bindings, int at) {
    if (bindings.size() > MOST_BINDINGS) {
      return Optional.empty();
    }
    boolean one =
        bindings.stream().allMatch(binding -> binding.value().isPresent())
            && bindings.stream().map(Binding::value).distinct().count() == 1;
    return one && bindings.stream().anyMatch(binding -> binding.reaches(at))
        ? bindings.get(0).value()
        : Optional.empty();
  }

  private static Optional<Known> literal(String text, Token token) {
    return switch (token.kind()) {
      case STRING -> Optional.of(new Known(text));
      case NUMBER ->
          Optional.of(Pieces.number(text)).filter(BigDecimal.class::isInstance).map(Known::new);
      case NAME, OPERATOR, FORMAT, END -> Optional.empty();
    };
  }
}
