package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.Alternatives;
import dev.vramcast.formats.python.flow.BetterGpu;
import dev.vramcast.formats.python.flow.Comprehension;
import dev.vramcast.formats.python.flow.Pieces;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.handed.Dictionaries;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The value of an expression, where it can be read off the text. */
final class Expression {

  private static final int DEEPEST = 20;
  private static final int LONGEST_SHOWN = 12;

  /** Up to the brackets behind {@code items}. */
  private static final int FILTER_TOKENS = 13;

  /** Stands before the names of arguments and fields among the constants. */
  static final String FIELD = ".";

  /** The class that a statement stands in, whose fields are those of {@code cls}. */
  static final String INSIDE = "class ";

  private static final Set<String> WORDS = Set.of("not", "and", "or", "is", "in", "lambda");

  /** Tokens that are looked at for one value; nesting makes it more than there are. */
  private static final long MOST_STEPS = 1_000_000;

  /** What makes an object without anything. */
  private static final Pattern MADE = Pattern.compile("<(\\w{1,99})(?: \\( \\))?>");

  private final Map<String, Node> constants;
  private long steps;

  Expression(Map<String, Node> constants) {
    this.constants = constants;
  }

  /** The value of the tokens from a start up to an end. */
  static Node node(List<Token> tokens, int start, int end, Map<String, Node> constants) {
    int stop = Math.min(end, tokens.size());
    return start >= stop
        ? new Node.Scalar(null, Mark.NONE)
        : new Expression(constants).value(tokens.subList(start, stop));
  }

  /** The value of tokens of which there is one at least. */
  Node value(List<Token> tokens) {
    return node(tokens, 0);
  }

  /** How many tokens were looked at so far. */
  long steps() {
    return steps;
  }

  private Node node(List<Token> tokens, int depth) {
    steps += tokens.size();
    Token first = tokens.get(0);
    boolean deeper = depth < DEEPEST && steps <= MOST_STEPS;
    if (FormattedText.isOne(tokens)) {
      Chosen values = new Chosen(inner -> deeper ? node(inner, depth + 1) : named(inner));
      Optional<String> text = FormattedText.of(tokens, values);
      return values.under(new Node.Scalar(text.orElse("<f-string>"), first.mark()));
    }
    if (tokens.size() == 1) {
      return plain(first, constants);
    }
    Optional<Node> found = deeper ? bracketed(tokens, depth) : Optional.empty();
    if (found.isPresent()) {
      return found.get();
    }
    if (tokens.size() == 2 && first.is("-") && tokens.get(1).kind() == Kind.NUMBER) {
      return new Node.Scalar(Pieces.number("-" + tokens.get(1).text()), first.mark());
    }
    if (tokens.stream().allMatch(token -> token.kind() == Kind.STRING)) {
      return new Node.Scalar(Token.joined(tokens, ""), first.mark());
    }
    Optional<Node> loaded = LoadedFile.dotted(tokens, constants);
    if (loaded.isPresent()) {
      return loaded.get();
    }
    Node part = part(tokens);
    if (part != null) {
      return part;
    }
    boolean own = tokens.size() == 5 && first.text().equals("self") && tokens.get(1).is(".");
    List<Token> object = own ? tokens.subList(2, 5) : tokens;
    Node dotted = object.size() == 3 ? attribute(object, constants) : null;
    if (dotted != null) {
      return dotted;
    }
    Node nested = tokens.size() == 5 ? nested(tokens, constants) : null;
    if (nested != null) {
      return nested;
    }
    return (deeper ? applied(tokens, depth) : Optional.<Node>empty())
        .orElseGet(() -> named(tokens));
  }

  /** A list, a dictionary, or an expression in brackets of its own. */
  private Optional<Node> bracketed(List<Token> tokens, int depth) {
    Token first = tokens.get(0);
    int open = isDict(tokens) ? 1 : 0;
    if (!tokens.get(open).opens() || !closesLast(tokens, open)) {
      return Optional.empty();
    }
    List<Token> inner = tokens.subList(open + 1, tokens.size() - 1);
    if (open == 1) {
      return Optional.of(dict(inner, depth, first.mark()));
    }
    Optional<Node> made =
        first.is("[")
            ? Comprehension.found(inner, source -> node(source, depth + 1))
            : Optional.empty();
    if (made.isPresent()) {
      return made;
    }
    return Optional.of(
        first.is("{")
            ? fields(inner, depth, first.mark())
            : items(inner, depth, first.is("("), first.mark()));
  }

  /**
   * Whether the bracket that opens at a place is closed by the last token, and by a fitting one.
   */
  private static boolean closesLast(List<Token> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      depth += tokens.get(i).opens() ? 1 : tokens.get(i).closes() ? -1 : 0;
      if (depth == 0) {
        int kind = "([{".indexOf(tokens.get(open).text());
        return i == tokens.size() - 1 && kind == ")]}".indexOf(tokens.get(i).text());
      }
    }
    return false;
  }

  /**
   * What the operator makes of its sides that binds least. No other one is tried where that is not
   * known, so that each part is evaluated once.
   */
  private Optional<Node> applied(List<Token> tokens, int depth) {
    int condition = Pieces.word(tokens, "if");
    int otherwise = Pieces.word(tokens, "else");
    if (condition > 0 && otherwise > condition + 1) {
      return Optional.of(conditional(tokens, condition, otherwise, depth));
    }
    Function<List<Token>, Node> part = inner -> node(inner, depth + 1);
    if (Logic.isLogic(tokens)) {
      return Logic.found(tokens, part);
    }
    int sign = Arithmetic.sign(tokens);
    if (sign > 0) {
      return Arithmetic.found(tokens, sign, part);
    }
    if (isSplit(tokens)) {
      int name = tokens.size() - 5;
      List<Token> whole = tokens.subList(0, name);
      Node value = part.apply(whole);
      boolean itself = name > 1 && Token.joined(whole, "").equals(value.value());
      // No list is a choice.
      return itself || value.value() instanceof Choice
          ? Optional.empty()
          : Optional.of(split(value, tokens.get(name + 3).text(), tokens.get(0).mark()));
    }
    Chosen parts = new Chosen(part);
    return Lookup.found(tokens, constants, part)
        .or(() -> Paths.found(tokens, parts).map(parts::under));
  }

  /** {@code self.rank}, {@code Config.RANK}, that the program has given a value. */
  private @Nullable Node part(List<Token> tokens) {
    boolean dotted = tokens.size() > 2 && tokens.size() < 8 && tokens.get(1).is(".");
    String name = dotted ? Token.joined(tokens, "") : "";
    Node inside = name.startsWith("cls.") ? constants.get(INSIDE) : null;
    String within = inside == null ? "" : String.valueOf(inside.value());
    // Outside of a class there is none that the word could mean.
    return constants.get(within.isEmpty() ? name : within + name.substring(3));
  }

  /** {@code torch.bfloat16}, or words of which nothing is known. */
  private static Node named(List<Token> tokens) {
    boolean names = tokens.stream().allMatch(t -> t.kind() == Kind.NAME || t.is("."));
    names &= tokens.stream().noneMatch(t -> WORDS.contains(t.text()));
    boolean dotted = tokens.size() == 3 && tokens.get(1).is(".");
    return new Node.Scalar(
        names || dotted ? Token.joined(tokens, "") : outside(tokens), tokens.get(0).mark());
  }

  /** {@code args.rank}, where the program says what it is when nobody gives it. */
  private static @Nullable Node attribute(List<Token> tokens, Map<String, Node> constants) {
    return tokens.get(1).is(".") && Pieces.isArguments(tokens.get(0))
        ? constants.get(FIELD + tokens.get(2).text())
        : null;
  }

  /** {@code cfg.lora.rank}, where objects of one class are made for the field {@code lora}. */
  private static @Nullable Node nested(List<Token> tokens, Map<String, Node> constants) {
    Node held = attribute(tokens.subList(0, 3), constants);
    Matcher made = MADE.matcher(held == null ? "" : String.valueOf(held.value()));
    String field = tokens.get(4).text();
    return made.matches() && constants.containsKey(made.group(1) + '.' + field)
        ? constants.get(FIELD + field)
        : null;
  }

  /** The branch that a known condition takes, or one as a {@link Choice}. */
  private Node conditional(List<Token> tokens, int condition, int otherwise, int depth) {
    List<Token> asked = tokens.subList(condition + 1, otherwise);
    Node first = node(tokens.subList(0, condition), depth + 1);
    if (otherwise + 1 >= tokens.size()) {
      return first;
    }
    Node second = node(tokens.subList(otherwise + 1, tokens.size()), depth + 1);
    Node known = node(asked, depth + 1);
    Optional<Boolean> holds = Logic.truth(known);
    boolean lesser = holds.isEmpty() && !BetterGpu.ALONE.holds(asked).orElse(true);
    Node taken = holds.orElse(!lesser) ? first : second;
    if (holds.isPresent() && !(known.value() instanceof Choice)) {
      return taken;
    }
    if (Pieces.isOutside(taken) && asked.stream().anyMatch(Token::compares)) {
      // What a name is does not say which side it takes.
      return new Node.Scalar(outside(tokens), taken.mark());
    }
    boolean runs = holds.orElse(!lesser);
    Node other = runs ? second : first;
    return Alternatives.of(asked(asked, runs), asked(asked, !runs), taken, other);
  }

  /** A condition, or its opposite. */
  private static String asked(List<Token> condition, boolean holds) {
    boolean negated = condition.size() > 1 && condition.get(0).text().equals("not");
    return holds
        ? Token.joined(condition, " ")
        : negated && Pieces.word(condition, "or") < 0 && Pieces.word(condition, "and") < 0
            ? Token.joined(condition.subList(1, condition.size()), " ")
            : "not " + Token.joined(condition, " ");
  }

  /** {@code NAMES.split(",")}, {@code args.names.split(",")}. */
  private static boolean isSplit(List<Token> tokens) {
    int name = tokens.size() - 5;
    return name > 0
        && name % 2 == 1
        && tokens.subList(0, name).stream().allMatch(t -> t.kind() == Kind.NAME || t.is("."))
        && tokens.get(name).is(".")
        && tokens.get(name + 1).text().equals("split")
        && tokens.get(name + 2).is("(")
        && tokens.get(name + 3).kind() == Kind.STRING;
  }

  private static Node split(Node whole, String separator, Mark mark) {
    if (!(whole.value() instanceof String text) || separator.isEmpty()) {
      return whole;
    }
    List<Node> parts = new ArrayList<>();
    for (String part : text.split(Pattern.quote(separator))) {
      parts.add(new Node.Scalar(part.strip(), mark));
    }
    return new Node.Items(parts, mark);
  }

  private static Node plain(Token token, Map<String, Node> constants) {
    Mark mark = token.mark();
    return switch (token.kind()) {
      case STRING, FORMAT -> new Node.Scalar(token.text(), mark);
      case NUMBER -> new Node.Scalar(Pieces.number(token.text()), mark);
      case NAME ->
          switch (token.text()) {
            case "True" -> new Node.Scalar(true, mark);
            case "False" -> new Node.Scalar(false, mark);
            case "None" -> new Node.Scalar(null, mark);
            default ->
                constants.getOrDefault(
                    token.text(), new Node.Scalar("<" + token.text() + ">", mark));
          };
      case OPERATOR, END -> new Node.Scalar("<" + token.text() + " >", mark);
    };
  }

  private Node items(List<Token> tokens, int depth, boolean round, Mark mark) {
    List<Node> items = new ArrayList<>();
    List<List<Token>> parts = parts(tokens);
    for (List<Token> part : parts) {
      items.add(node(part, depth + 1));
    }
    boolean bracketed = round && parts.size() == 1 && !tokens.get(tokens.size() - 1).is(",");
    return bracketed ? items.get(0) : new Node.Items(items, mark);
  }

  /** A dict; or a set, which has no colons, as its members. */
  private Node fields(List<Token> tokens, int depth, Mark mark) {
    Map<String, Node> fields = tokens.isEmpty() ? Map.of() : new LinkedHashMap<>();
    List<List<Token>> parts = parts(tokens);
    if (!parts.isEmpty() && parts.stream().allMatch(part -> part.size() == 1)) {
      return items(tokens, depth, false, mark);
    }
    if (isFilter(tokens)) {
      return constants.getOrDefault(tokens.get(8).text(), new Node.Scalar(outside(tokens), mark));
    }
    for (List<Token> part : parts) {
      if (part.size() > 2 && part.get(0).kind() == Kind.STRING && part.get(1).is(":")) {
        fields.put(part.get(0).text(), node(part.subList(2, part.size()), depth + 1));
      } else if (part.size() > 1 && part.get(0).is("**")) {
        Dictionaries.put(fields, node(part.subList(1, part.size()), depth + 1));
      }
    }
    return new Node.Fields(fields, mark);
  }

  /**
   * {@code {k: v for k, v in NAMES.items() if v is not None}}: of what a program takes out of a
   * dictionary of its own, none is known to be gone.
   */
  private static boolean isFilter(List<Token> tokens) {
    if (tokens.size() < FILTER_TOKENS || !tokens.get(1).is(":")) {
      return false;
    }
    String text =
        tokens.stream().limit(FILTER_TOKENS).map(Token::text).collect(Collectors.joining(" "));
    return text.matches("(\\w+) : (\\w+) for \\1 , \\2 in \\w+ \\. items \\( \\).*");
  }

  private static boolean isDict(List<Token> tokens) {
    return tokens.size() > 2
        && tokens.get(0).kind() == Kind.NAME
        && tokens.get(0).text().equals("dict")
        && tokens.get(1).is("(")
        && tokens.get(tokens.size() - 1).is(")");
  }

  /** {@code dict(key=value)}. */
  private Node dict(List<Token> tokens, int depth, Mark mark) {
    Map<String, Node> fields = tokens.isEmpty() ? Map.of() : new LinkedHashMap<>();
    for (List<Token> part : parts(tokens)) {
      if (part.size() > 2 && part.get(0).kind() == Kind.NAME && part.get(1).is("=")) {
        fields.put(part.get(0).text(), node(part.subList(2, part.size()), depth + 1));
      } else {
        List<Token> other = part.get(0).is("**") ? part.subList(1, part.size()) : part;
        Dictionaries.put(
            fields, other.isEmpty() ? plain(part.get(0), constants) : node(other, depth + 1));
      }
    }
    return new Node.Fields(fields, mark);
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

  private static String outside(List<Token> tokens) {
    List<Token> shown = tokens.subList(0, Math.min(tokens.size(), LONGEST_SHOWN));
    return "<" + Token.joined(shown, " ").replaceAll("[<>\\s]+", " ").strip() + ">";
  }
}
