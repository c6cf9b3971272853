package dev.vramcast.formats.python.module;

import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long a program makes its rows, {@code input_ids = input_ids[:MAX_LENGTH]}. */
public final class CutRows {

  /** What rows are made of. */
  public static final String ROWS = "input_ids";

  /** What models that make vectors have, and arguments too. */
  public static final String OF_MODEL = "max_seq_length";

  /** How programs call what cuts texts into tokens. */
  public static final String TOKENIZES = "tokenizer";

  private static final String LIMIT = "model_max_length";

  /** Pieces of what is cut, {@code row["input_ids"]}, and of how long it is then. */
  private static final int LONGEST = 20;

  /** {@code model.max_seq_length = 512} of a model that makes vectors. */
  private static final Pattern MODEL =
      Pattern.compile("(?:self\\.)?\\w{0,99}model\\w{0,99}\\.max_seq_length");

  /** Cuts that are looked at; where there are more, they are not known. */
  private static final int MOST_CUTS = 100;

  private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");

  /** A name with dots that no text is given to. */
  private static final Pattern DOTTED = Pattern.compile("[A-Za-z_]\\w*(?:\\.\\w+)+");

  private final List<Token> tokens;
  private final Map<String, Node> constants;

  private CutRows(List<Token> tokens, Map<String, Node> constants) {
    this.tokens = tokens;
    this.constants = constants;
  }

  /**
   * How long they are, by {@link #ROWS} where a program slices them, {@link #OF_MODEL} where it
   * tells a model that makes vectors, and the class of tokenizers where it tells its own.
   *
   * @param lines of the program
   * @param constants by their names
   * @param loads what its tokenizer is loaded with; null for none
   */
  public static Map<String, Node> told(
      List<Node.Scalar> lines, Map<String, Node> constants, @Nullable Node loads) {
    Map<String, Node> told = new LinkedHashMap<>();
    if (lines.stream().anyMatch(line -> String.valueOf(line.value()).contains(ROWS))) {
      new CutRows(Tokens.of(lines), constants).length().ifPresent(cut -> told.put(ROWS, cut));
    }
    constants.entrySet().stream()
        .filter(constant -> MODEL.matcher(constant.getKey()).matches())
        .map(Map.Entry::getValue)
        .filter(CutRows::isNumber)
        .findFirst()
        .ifPresent(length -> told.put(OF_MODEL, length));
    Node limit = constants.get(TOKENIZES + '.' + LIMIT);
    if (limit != null) {
      Map<String, Node> loaded = new LinkedHashMap<>();
      if (loads instanceof Node.Fields before) {
        loaded.putAll(before.fields());
      }
      loaded.put(LIMIT, limit);
      told.put("AutoTokenizer", new Node.Fields(loaded, limit.mark()));
    }
    return told;
  }

  /**
   * Whether a tokenizer is told to cut what it makes of rows, and not of a text that is written
   * out, which shows what it does.
   *
   * @param tokenizes arguments of its call
   */
  public static boolean isCut(Node tokenizes) {
    return tokenizes instanceof Node.Fields call
        && call.at("truncation").filter(cut -> !Boolean.FALSE.equals(cut.value())).isPresent()
        && call.at("0").or(() -> call.at("text")).filter(CutRows::isText).isEmpty();
  }

  private static boolean isText(Node given) {
    if (given instanceof Node.Items items) {
      // A list that begins empty is filled further on.
      return !items.items().isEmpty() && items.items().stream().allMatch(CutRows::isText);
    }
    return given.value() instanceof String text
        && !text.startsWith("<")
        && !DOTTED.matcher(text).matches();
  }

  /** What all cuts in blocks say; empty where there is none, or two differ, or one is not known. */
  private Optional<Node> length() {
    Set<Object> lengths = new HashSet<>();
    Node last = null;
    List<Integer> heads = new ArrayList<>();
    int statement = 0;
    int cuts = 0;
    for (int i = 0; i < tokens.size() && cuts <= MOST_CUTS; i++) {
      if (isStart(i) && tokens.get(i).kind() != Kind.END) {
        statement = i;
        int column = tokens.get(i).column();
        heads.removeIf(head -> tokens.get(head).column() >= column);
        heads.add(i);
      }
      List<Token> limit = tokens.get(i).text().equals(ROWS) ? limit(i) : List.of();
      cuts += limit.isEmpty() ? 0 : 1;
      // Outside of blocks one row is made, to be looked at.
      if (limit.isEmpty() || heads.size() < 2 && !isMade(statement)) {
        continue;
      }
      last = value(limit, heads);
      lengths.add(last.value() == null ? "" : last.value());
    }
    return last != null && cuts <= MOST_CUTS && lengths.size() == 1
        ? Optional.of(last).filter(CutRows::isNumber)
        : Optional.empty();
  }

  private boolean isStart(int at) {
    return at == 0 || tokens.get(at - 1).kind() == Kind.END;
  }

  /** Whether a statement has a function, or a loop, in an expression. */
  private boolean isMade(int statement) {
    for (int i = statement; i < tokens.size() && tokens.get(i).kind() != Kind.END; i++) {
      if (Set.of("lambda", "for").contains(tokens.get(i).text())) {
        return true;
      }
    }
    return false;
  }

  /** What stands behind the colon of {@code input_ids = row[:LIMIT]}; empty for anything else. */
  private List<Token> limit(int rows) {
    int at = rows + 1;
    at += at < tokens.size() && tokens.get(at).is("]") ? 1 : 0;
    boolean given = at < tokens.size() && (tokens.get(at).is("=") || tokens.get(at).is(":"));
    int most = Math.min(tokens.size() - 1, at + LONGEST);
    for (int i = at + 1; given && i < most; i++) {
      Token token = tokens.get(i);
      boolean cuts = token.is("[") && tokens.get(i + 1).is(":");
      int end = i + 2;
      while (cuts && end < most && !tokens.get(end).is("]")) {
        end++;
      }
      if (cuts) {
        return end < most ? tokens.subList(i + 2, end) : List.of();
      }
      if (token.kind() != Kind.NAME
          && token.kind() != Kind.STRING
          && !token.is(".")
          && !token.is("[")
          && !token.is("]")) {
        return List.of();
      }
    }
    return List.of();
  }

  /** How long a row is then; text where that is not known, as of a parameter. */
  private Node value(List<Token> limit, List<Integer> heads) {
    String text = Token.joined(limit, "");
    Mark mark = limit.get(0).mark();
    Node unknown = new Node.Scalar("<" + text + ">", mark);
    if (DIGITS.matcher(text).matches()) {
      return new Node.Scalar(new BigDecimal(text), mark);
    }
    return heads.stream().anyMatch(head -> isParameter(head, limit.get(0)))
        ? unknown
        : constants.getOrDefault(text, unknown);
  }

  /** Whether a name is a parameter of the function that a statement begins. */
  private boolean isParameter(int head, Token name) {
    int def = tokens.get(head).text().equals("async") ? head + 1 : head;
    boolean found = false;
    for (int i = def; i < tokens.size() && tokens.get(def).text().equals("def"); i++) {
      if (tokens.get(i).kind() == Kind.END) {
        break;
      }
      found |= i > def + 1 && tokens.get(i).text().equals(name.text());
    }
    return found;
  }

  private static boolean isNumber(Node node) {
    return node.value() instanceof Number;
  }
}
