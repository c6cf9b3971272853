package dev.vramcast.formats.python;

import dev.vramcast.formats.python.Token.Kind;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The value of an expression, where it can be read off the text. */
final class Expression {

  private static final int DEEPEST = 20;
  private static final int LONGEST_SHOWN = 12;
  private static final int LONGEST_DIGITS = 30;

  /** Stands before the names of arguments and fields among the constants. */
  static final String FIELD = ".";

  private static final Set<String> WORDS = Set.of("not", "and", "or", "is", "in", "lambda");

  /** How programs call what holds their arguments. */
  private static final Pattern ARGUMENTS =
      Pattern.compile("(?i)\\w*(?:args?|arguments|config|cfg|opts?|options|flags|params)");

  private Expression() {}

  /** The value of the tokens from a start up to an end. */
  static Node node(List<Token> tokens, int start, int end, Map<String, Node> constants) {
    int stop = Math.min(end, tokens.size());
    return start >= stop
        ? new Node.Scalar(null, Mark.NONE)
        : node(tokens.subList(start, stop), constants, 0);
  }

  private static Node node(List<Token> tokens, Map<String, Node> constants, int depth) {
    Token first = tokens.get(0);
    int line = first.line();
    if (depth < DEEPEST && tokens.size() > 1 && first.kind() == Kind.OPERATOR) {
      Token last = tokens.get(tokens.size() - 1);
      List<Token> inner = tokens.subList(1, tokens.size() - 1);
      if (first.is("[") && last.is("]") || first.is("(") && last.is(")")) {
        return items(inner, constants, depth, first.is("("), line);
      }
      if (first.is("{") && last.is("}")) {
        return fields(inner, constants, depth, line);
      }
    }
    if (depth < DEEPEST && isDict(tokens)) {
      return dict(tokens.subList(2, tokens.size() - 1), constants, depth, line);
    }
    if (tokens.size() == 1) {
      return plain(first, constants);
    }
    if (tokens.size() == 2 && first.is("-") && tokens.get(1).kind() == Kind.NUMBER) {
      return new Node.Scalar(number("-" + tokens.get(1).text()), Mark.of(line));
    }
    if (tokens.stream().allMatch(token -> token.kind() == Kind.STRING)) {
      return new Node.Scalar(joined(tokens, ""), Mark.of(line));
    }
    Node dotted = tokens.size() == 3 ? attribute(tokens, constants) : null;
    if (dotted != null) {
      return dotted;
    }
    int condition = word(tokens, "if");
    int otherwise = word(tokens, "else");
    if (depth < DEEPEST && condition > 0 && otherwise > condition + 1) {
      return conditional(tokens, condition, otherwise, constants, depth);
    }
    if (depth < DEEPEST) {
      Optional<Node> found =
          Logic.found(tokens, part -> node(part, constants, depth + 1))
              .or(() -> Lookup.found(tokens, constants, part -> node(part, constants, depth + 1)))
              .or(() -> Arithmetic.found(tokens, part -> node(part, constants, depth + 1)))
              .or(() -> Paths.found(tokens, part -> node(part, constants, depth + 1)));
      if (found.isPresent()) {
        return found.get();
      }
    }
    if (tokens.size() == 3) {
      return three(tokens);
    }
    if (depth < DEEPEST && isSplit(tokens)) {
      return split(plain(first, constants), tokens.get(4).text(), line);
    }
    boolean names = tokens.stream().allMatch(t -> t.kind() == Kind.NAME || t.is("."));
    names &= tokens.stream().noneMatch(t -> WORDS.contains(t.text()));
    return new Node.Scalar(names ? joined(tokens, "") : outside(tokens), Mark.of(line));
  }

  /** {@code args.rank}, where the program says what it is when nobody gives it. */
  private static @Nullable Node attribute(List<Token> tokens, Map<String, Node> constants) {
    return tokens.get(1).is(".") && ARGUMENTS.matcher(tokens.get(0).text()).matches()
        ? constants.get(FIELD + tokens.get(2).text())
        : null;
  }

  /** Where a word stands outside of brackets; -1 where it does not. */
  static int word(List<Token> tokens, String word) {
    int depth = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      depth += "([{".contains(token.text()) && token.kind() == Kind.OPERATOR ? 1 : 0;
      depth -= ")]}".contains(token.text()) && token.kind() == Kind.OPERATOR ? 1 : 0;
      if (depth == 0 && token.kind() == Kind.NAME && token.text().equals(word)) {
        return i;
      }
    }
    return -1;
  }

  /** The branch that a known condition takes, or the first one as a {@link Choice}. */
  private static Node conditional(
      List<Token> tokens, int condition, int otherwise, Map<String, Node> constants, int depth) {
    List<Token> asked = tokens.subList(condition + 1, otherwise);
    Node first = node(tokens.subList(0, condition), constants, depth + 1);
    if (otherwise + 1 >= tokens.size()) {
      return first;
    }
    Node second = node(tokens.subList(otherwise + 1, tokens.size()), constants, depth + 1);
    Object known = node(asked, constants, depth + 1).value();
    if (known instanceof Boolean holds) {
      return holds ? first : second;
    }
    if (known == null || known instanceof BigDecimal) {
      return known instanceof BigDecimal number && number.signum() != 0 ? first : second;
    }
    Object value = first.value();
    if (!(first instanceof Node.Scalar)
        || value == null
        || isOutside(value)
        || value.equals(second.value())) {
      return first;
    }
    return new Node.Scalar(new Choice(value, joined(asked, " ")), first.mark());
  }

  /** Whether a value is not known, and only its text is. */
  static boolean isOutside(Node node) {
    return node.value() instanceof String text && text.startsWith("<");
  }

  private static boolean isOutside(Object value) {
    return value instanceof Choice || value instanceof String text && text.startsWith("<");
  }

  /** {@code NAMES.split(",")}. */
  private static boolean isSplit(List<Token> tokens) {
    return tokens.size() == 6
        && tokens.get(1).is(".")
        && tokens.get(2).text().equals("split")
        && tokens.get(3).is("(")
        && tokens.get(4).kind() == Kind.STRING;
  }

  private static Node split(Node whole, String separator, int line) {
    if (!(whole.value() instanceof String text) || separator.isEmpty()) {
      return whole;
    }
    List<Node> parts = new ArrayList<>();
    for (String part : text.split(Pattern.quote(separator))) {
      parts.add(new Node.Scalar(part.strip(), Mark.of(line)));
    }
    return new Node.Items(parts, Mark.of(line));
  }

  private static Node plain(Token token, Map<String, Node> constants) {
    int line = token.line();
    return switch (token.kind()) {
      case STRING -> new Node.Scalar(token.text(), Mark.of(line));
      case NUMBER -> new Node.Scalar(number(token.text()), Mark.of(line));
      case NAME ->
          switch (token.text()) {
            case "True" -> new Node.Scalar(true, Mark.of(line));
            case "False" -> new Node.Scalar(false, Mark.of(line));
            case "None" -> new Node.Scalar(null, Mark.of(line));
            default ->
                constants.getOrDefault(
                    token.text(), new Node.Scalar("<" + token.text() + ">", Mark.of(line)));
          };
      case OPERATOR, END -> new Node.Scalar("<" + token.text() + " >", Mark.of(line));
    };
  }

  /** {@code torch.bfloat16}, or three words of which nothing is known. */
  private static Node three(List<Token> tokens) {
    String text = tokens.get(1).is(".") ? joined(tokens, "") : outside(tokens);
    return new Node.Scalar(text, Mark.of(tokens.get(0).line()));
  }

  private static Node items(
      List<Token> tokens, Map<String, Node> constants, int depth, boolean round, int line) {
    List<Node> items = new ArrayList<>();
    List<List<Token>> parts = parts(tokens);
    for (List<Token> part : parts) {
      items.add(node(part, constants, depth + 1));
    }
    boolean bracketed = round && parts.size() == 1 && !tokens.get(tokens.size() - 1).is(",");
    return bracketed ? items.get(0) : new Node.Items(items, Mark.of(line));
  }

  /** A dict; or a set, which has no colons, as its members. */
  private static Node fields(List<Token> tokens, Map<String, Node> constants, int depth, int line) {
    Map<String, Node> fields = new LinkedHashMap<>();
    List<List<Token>> parts = parts(tokens);
    if (!parts.isEmpty() && parts.stream().allMatch(part -> part.size() == 1)) {
      return items(tokens, constants, depth, false, line);
    }
    for (List<Token> part : parts) {
      if (part.size() > 2 && part.get(0).kind() == Kind.STRING && part.get(1).is(":")) {
        fields.put(part.get(0).text(), node(part.subList(2, part.size()), constants, depth + 1));
      }
    }
    return new Node.Fields(fields, Mark.of(line));
  }

  private static boolean isDict(List<Token> tokens) {
    return tokens.size() > 2
        && tokens.get(0).kind() == Kind.NAME
        && tokens.get(0).text().equals("dict")
        && tokens.get(1).is("(")
        && tokens.get(tokens.size() - 1).is(")");
  }

  /** {@code dict(key=value)}. */
  private static Node dict(List<Token> tokens, Map<String, Node> constants, int depth, int line) {
    Map<String, Node> fields = new LinkedHashMap<>();
    for (List<Token> part : parts(tokens)) {
      if (part.size() > 2 && part.get(0).kind() == Kind.NAME && part.get(1).is("=")) {
        fields.put(part.get(0).text(), node(part.subList(2, part.size()), constants, depth + 1));
      }
    }
    return new Node.Fields(fields, Mark.of(line));
  }

  /** What stands between the commas outside of inner brackets. */
  static List<List<Token>> parts(List<Token> tokens) {
    List<List<Token>> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= tokens.size(); i++) {
      Token token = i == tokens.size() ? null : tokens.get(i);
      if (token == null || (depth == 0 && token.is(","))) {
        if (i > start) {
          parts.add(tokens.subList(start, i));
        }
        start = i + 1;
      } else if (token.opens()) {
        depth++;
      } else if (token.closes()) {
        depth--;
      }
    }
    return parts;
  }

  /** The number, or its text where it has a form of its own. */
  private static Object number(String text) {
    String digits = text.replace("_", "");
    return digits.length() <= LONGEST_DIGITS
            && digits.matches("-?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?")
        ? new BigDecimal(digits)
        : digits;
  }

  private static String joined(List<Token> tokens, String between) {
    return tokens.stream().map(Token::text).collect(Collectors.joining(between));
  }

  private static String outside(List<Token> tokens) {
    List<Token> shown = tokens.subList(0, Math.min(tokens.size(), LONGEST_SHOWN));
    return "<" + joined(shown, " ").replaceAll("[<>\\s]+", " ").strip() + ">";
  }
}
