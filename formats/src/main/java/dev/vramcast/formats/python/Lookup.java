package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.AskedGpu;
import dev.vramcast.formats.python.flow.Pieces;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.handed.Dictionaries;
import dev.vramcast.formats.python.handed.Told;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a program looks up: an entry of a dictionary that it holds itself, a variable of the
 * environment with what it is when nobody sets it, and whether the GPU can do what each does today.
 */
final class Lookup {

  /** In front of the names of functions of Python that the program declares anew. */
  static final String DECLARED = "def ";

  private static final Pattern GETENV = Pattern.compile("\\w*(\\.\\w*)?getenv\\w*");

  private static final Pattern NAMED = Pattern.compile("(os\\.)?(environ\\.get|getenv)\\(\\w+\\)");

  /** What the length is called that a model was trained on (transformers, configuration files). */
  private static final Pattern LENGTH =
      Pattern.compile("max_position_embeddings|n_positions|n_ctx");

  private static final Pattern OF_MODEL =
      Pattern.compile("(?:\\w+\\.)*+(?<=model\\.)config(?:\\.text_config)?");

  private static final Pattern SIZE = Pattern.compile("len|position|ctx|window");

  /** Pieces of a key, with its brackets. */
  private static final int LONGEST_KEY = 20;

  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000);

  private Lookup() {}

  /**
   * The value; empty where nothing of the kind is asked for, or it is not known.
   *
   * @param value of an expression
   */
  static Optional<Node> found(
      List<Token> tokens, Map<String, Node> constants, Function<List<Token>, Node> value) {
    Token last = tokens.get(tokens.size() - 1);
    if (last.is("]")) {
      return entry(tokens, constants)
          .or(() -> entryOf(tokens, value))
          .or(() -> environment(tokens, constants));
    }
    Optional<Node> chained = TextMethods.found(tokens, value).or(() -> chained(tokens, value));
    if (chained.isPresent()) {
      return chained;
    }
    int open = tokens.stream().map(Token::text).toList().indexOf("(");
    if (open < 1 || !last.is(")") || !isOneCall(tokens, open)) {
      return Optional.empty();
    }
    String name = Token.joined(tokens.subList(0, open), "");
    List<List<Token>> given = Expression.parts(tokens.subList(open + 1, tokens.size() - 1));
    if (Casts.isCast(name) && given.size() == 1) {
      return Casts.cast(name, value.apply(given.get(0)));
    }
    if (AskedGpu.isAsked(name) && given.isEmpty()) {
      return Optional.of(new Node.Scalar(new Choice(true, name + "()"), tokens.get(0).mark()));
    }
    if (Arithmetic.BOUNDS.contains(name)
        && given.size() == 2
        && !constants.containsKey(DECLARED + name)) {
      return Arithmetic.bound(name, given, value);
    }
    if (name.equals("getattr") && isAttribute(given)) {
      return given.size() == 2
          ? TextMethods.dtype(given.get(1), value)
          : attribute(given, constants, value);
    }
    boolean environment = name.endsWith("environ.get") || GETENV.matcher(name).matches();
    if (environment && !given.isEmpty()) {
      Optional<Node> set = variable(given.get(0), constants);
      return set.isPresent() || given.size() != 2 ? set : known(value.apply(given.get(1)));
    }
    if (name.endsWith(".get") && !given.isEmpty() && given.size() < 3) {
      return ofDictionary(tokens.subList(0, open), given, constants, value);
    }
    return LoadedFile.of(name, given, constants, value);
  }

  /** A dtype of torch, or an attribute that is named and may be missing. */
  private static boolean isAttribute(List<List<Token>> given) {
    return given.size() == 2
        ? Token.joined(given.get(0), "").equals("torch")
        : given.size() == 3 && isText(given.get(1));
  }

  /** {@code d.get("r", 16)}, or of what an attribute holds: {@code config.lora.get("r", 16)}. */
  private static Optional<Node> ofDictionary(
      List<Token> called,
      List<List<Token>> given,
      Map<String, Node> constants,
      Function<List<Token>, Node> value) {
    String name = Token.joined(called, "");
    @Nullable Node held = constants.get(name.substring(0, name.length() - ".get".length()));
    boolean part = held == null && called.size() > 4;
    return got(part ? value.apply(called.subList(0, called.size() - 2)) : held, given, value);
  }

  /** {@code getattr(args, "rank", 8)} of arguments that the program defines, or does not. */
  private static Optional<Node> attribute(
      List<List<Token>> given, Map<String, Node> constants, Function<List<Token>, Node> value) {
    List<Token> object = given.get(0);
    if (!Pieces.isArguments(object.get(object.size() - 1))) {
      return Optional.empty();
    }
    String name = given.get(1).get(0).text();
    Node said = constants.get(Expression.FIELD + name);
    if (said == null && isOfModel(Token.joined(object, ""), name)) {
      return Optional.empty();
    }
    return said == null ? known(value.apply(given.get(2))) : Optional.of(said);
  }

  /** Whether a length is asked of a model's configuration, which nearly always has one. */
  private static boolean isOfModel(String object, String name) {
    return LENGTH.matcher(name).matches()
        || OF_MODEL.matcher(object).matches() && SIZE.matcher(name).find();
  }

  /** {@code cfg["lora"].get("r", 16)}: the entry of what stands before the last call. */
  private static Optional<Node> chained(List<Token> tokens, Function<List<Token>, Node> value) {
    int open = opening(tokens);
    boolean gets =
        open > 4
            && tokens.get(tokens.size() - 1).is(")")
            && tokens.get(open - 1).text().equals("get")
            && tokens.get(open - 2).is(".")
            && tokens.get(open - 3).closes();
    if (!gets) {
      return Optional.empty();
    }
    List<List<Token>> given = Expression.parts(tokens.subList(open + 1, tokens.size() - 1));
    return given.isEmpty() || given.size() > 2
        ? Optional.empty()
        : got(value.apply(tokens.subList(0, open - 2)), given, value);
  }

  /**
   * {@code self.cfg["lora"]}, {@code cfg.get("lora", {})["r"]}, {@code MODELS[args.size]}, {@code
   * ranks[0]}.
   */
  private static Optional<Node> entryOf(List<Token> tokens, Function<List<Token>, Node> value) {
    int open = opening(tokens);
    boolean key = open > 0 && open + 2 < tokens.size() && open + LONGEST_KEY > tokens.size();
    Node held = key ? value.apply(tokens.subList(0, open)) : null;
    Object at =
        held instanceof Node.Fields || held instanceof Node.Items
            ? value.apply(tokens.subList(open + 1, tokens.size() - 1)).value()
            : null;
    if (held instanceof Node.Fields fields && at instanceof String name) {
      return Optional.ofNullable(fields.fields().get(name));
    }
    return held instanceof Node.Items list && at instanceof BigDecimal place
        ? item(list.items(), place)
        : Optional.empty();
  }

  private static Optional<Node> item(List<Node> items, BigDecimal place) {
    boolean whole = place.stripTrailingZeros().scale() <= 0 && place.abs().compareTo(MOST) < 0;
    int at = whole ? place.intValue() + (place.signum() < 0 ? items.size() : 0) : -1;
    return at >= 0 && at < items.size() ? Optional.of(items.get(at)) : Optional.empty();
  }

  /** Where the bracket opens that the last token closes; -1 where none does. */
  private static int opening(List<Token> tokens) {
    int depth = 0;
    for (int i = tokens.size() - 1; i >= 0; i--) {
      depth += tokens.get(i).closes() ? 1 : tokens.get(i).opens() ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return -1;
  }

  /** Whether a variable of the environment is asked for that is nothing unless somebody sets it. */
  static boolean isUnset(List<Token> tokens) {
    String text = Token.joined(tokens, "");
    return NAMED.matcher(text).matches();
  }

  /** {@code CONFIG.get("lora_r", 16)} of a dictionary that is known. */
  private static Optional<Node> got(
      @Nullable Node dictionary, List<List<Token>> given, Function<List<Token>, Node> value) {
    Optional<String> key =
        dictionary instanceof Node.Fields
            ? TextMethods.text(given.get(0), value)
            : Optional.empty();
    if (!(dictionary instanceof Node.Fields fields) || key.isEmpty()) {
      return Optional.empty();
    }
    Optional<Node> there = Optional.ofNullable(fields.fields().get(key.get()));
    boolean otherwise =
        there.isEmpty() && given.size() > 1 && !fields.fields().containsKey(Dictionaries.OPEN);
    return otherwise ? known(value.apply(given.get(1))) : there;
  }

  /** {@code CONFIG["lora"]["r"]}. */
  private static Optional<Node> entry(List<Token> tokens, Map<String, Node> constants) {
    Node node = tokens.get(0).kind() == Kind.NAME ? constants.get(tokens.get(0).text()) : null;
    for (int i = 1; i < tokens.size(); i += 3) {
      boolean key =
          i + 2 < tokens.size()
              && tokens.get(i).is("[")
              && tokens.get(i + 1).kind() == Kind.STRING
              && tokens.get(i + 2).is("]");
      if (!key || !(node instanceof Node.Fields fields)) {
        return Optional.empty();
      }
      node = fields.fields().get(tokens.get(i + 1).text());
    }
    return Optional.ofNullable(node);
  }

  /** {@code os.environ["MODEL"]}. */
  private static Optional<Node> environment(List<Token> tokens, Map<String, Node> constants) {
    int open = opening(tokens);
    boolean asked =
        open > 0 && open + 3 == tokens.size() && tokens.get(open - 1).text().equals("environ");
    return asked
        ? variable(tokens.subList(open + 1, tokens.size() - 1), constants)
        : Optional.empty();
  }

  /** What the environment is known to have under a name. */
  private static Optional<Node> variable(List<Token> name, Map<String, Node> constants) {
    return isText(name)
        ? Optional.ofNullable(constants.get(Told.VARIABLE + name.get(0).text()))
        : Optional.empty();
  }

  private static boolean isText(List<Token> tokens) {
    return tokens.size() == 1 && tokens.get(0).kind() == Kind.STRING;
  }

  /** Whether the bracket that opens here is closed by the last token. */
  private static boolean isOneCall(List<Token> tokens, int open) {
    int depth = 0;
    for (int i = 0; i < tokens.size() - 1; i++) {
      depth += tokens.get(i).opens() ? 1 : tokens.get(i).closes() ? -1 : 0;
      if (i < open ? !(tokens.get(i).kind() == Kind.NAME || tokens.get(i).is(".")) : depth == 0) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Node> known(Node node) {
    return Optional.of(node).filter(given -> !Pieces.isOutside(given));
  }
}
