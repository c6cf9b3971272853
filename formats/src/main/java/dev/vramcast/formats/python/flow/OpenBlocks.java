package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What names have behind blocks that may not run, and give them another value than they had: one of
 * both, as a {@link Choice} that says which.
 */
public final class OpenBlocks {

  /** Tokens of a condition that are shown. */
  private static final int LONGEST = 16;

  /** Of so many blocks it is said that they are read. */
  private static final int MOST = 20;

  /** How programs call what is no plain value, and makes a job. */
  private static final Pattern OF_JOB = Pattern.compile("(?i).*(?:target|modules|quant|bnb).*");

  private static final String NOTHING_FAILS = "nothing is raised";

  /** What a block is to the values that it gives. */
  private enum Role {
    /** Nobody knows whether it runs. */
    OPEN,
    /** What is known of values says that it does not run. */
    PASSED,
    /** It runs where something fails. */
    FAILS,
    /** It runs as often as there is something. */
    REPEATS
  }

  /**
   * A block that the statement stands in.
   *
   * @param condition under which it runs
   */
  private record Block(int at, int column, Role role, String condition) {}

  /** Where a name was given its value: the function, and the innermost block that may not run. */
  private record Place(String function, int block) {}

  /** Branches of one {@code if} so far. */
  private static final class Chain {
    private final List<String> conditions = new ArrayList<>();
    private boolean taken;
  }

  private final Statements statements;
  private final Function<List<Token>, Optional<Boolean>> truth;
  private final Deque<Block> blocks = new ArrayDeque<>();
  private final NavigableMap<Integer, Chain> chains = new TreeMap<>();
  private final Map<String, Place> places = new HashMap<>();
  private final Set<Mark> read = new LinkedHashSet<>();
  private boolean trained;

  /**
   * No statement has begun yet.
   *
   * @param truth whether a condition holds by values that are likely, and not certain
   */
  public OpenBlocks(Statements statements, Function<List<Token>, Optional<Boolean>> truth) {
    this.statements = statements;
    this.truth = truth;
  }

  /**
   * A statement begins that is read.
   *
   * @param sure whether it is a branch that is known to run
   */
  public void statement(int at, boolean sure) {
    Token first = statements.tokens().get(at);
    if (first.kind() == Kind.END) {
      return;
    }
    int column = first.column();
    while (!blocks.isEmpty() && blocks.peek().column() >= column) {
      blocks.pop();
    }
    String word = first.kind() == Kind.NAME ? first.text() : "";
    boolean follows = word.equals("elif") || word.equals("else");
    chains.tailMap(column, !follows).clear();
    switch (word) {
      case "if", "elif" -> asks(at, column, sure);
      case "else" -> otherwise(at, column);
      case "except" -> blocks.push(new Block(at, column, Role.FAILS, NOTHING_FAILS));
      case "case" -> cases(at, column);
      case "for", "while" -> blocks.push(new Block(at, column, Role.REPEATS, ""));
      default -> {}
    }
  }

  private void asks(int at, int column, boolean sure) {
    Optional<List<Token>> condition = statements.condition(at);
    if (sure || condition.isEmpty() || condition.get().get(0).text().equals("__name__")) {
      return;
    }
    Chain chain = chains.computeIfAbsent(column, key -> new Chain());
    Optional<Boolean> holds = truth.apply(condition.get());
    boolean passed = chain.taken || !holds.orElse(true);
    String asked = shown(condition.get());
    chain.conditions.add(asked);
    chain.taken |= holds.orElse(false);
    blocks.push(
        new Block(at, column, passed ? Role.PASSED : Role.OPEN, passed ? "not " + asked : asked));
  }

  private void otherwise(int at, int column) {
    Chain chain = chains.get(column);
    if (chain != null) {
      String none = "not " + String.join(" and not ", chain.conditions);
      blocks.push(new Block(at, column, chain.taken ? Role.PASSED : Role.OPEN, none));
    }
  }

  /** {@code case "small":}. */
  private void cases(int at, int column) {
    int colon = statements.colon(at);
    if (colon > at + 1) {
      String asked = shown(statements.tokens().subList(at, colon));
      blocks.push(new Block(at, column, Role.OPEN, asked));
    }
  }

  private static String shown(List<Token> condition) {
    String text = Token.joined(condition.subList(0, Math.min(LONGEST, condition.size())), " ");
    return condition.size() > LONGEST ? text + " ..." : text;
  }

  /**
   * A call is read. What stands behind the training of a program without functions is no part of
   * it.
   *
   * @param makes whether it makes a job, or a part of one
   */
  public void called(Call call, boolean makes) {
    trained |= call.outermost() && call.name().endsWith(".train");
    if (makes) {
      reads();
    }
  }

  private void reads() {
    Block block = block();
    if (block != null && !trained && read.size() < MOST) {
      read.add(statements.tokens().get(block.at()).mark());
    }
  }

  /** Where blocks begin that are read, and may not run. */
  public List<Mark> read() {
    return List.copyOf(read);
  }

  /** Whether the statement runs as often as there is something. */
  public boolean repeats() {
    return blocks.stream().anyMatch(block -> block.role() == Role.REPEATS);
  }

  /**
   * What a name has behind the statement.
   *
   * @param function that the statement stands in; a name of another one is another
   * @param before what the name had until then; null for nothing
   * @param value that the statement gives it
   */
  public Node given(String name, String function, @Nullable Node before, Node value) {
    Block block = block();
    Place place = new Place(name.contains(".") ? "" : function, block == null ? -1 : block.at());
    Place last = places.put(name, place);
    boolean one = last == null || last.equals(place) || !last.function().equals(place.function());
    if (block == null || before == null || one) {
      return value;
    }
    boolean plain = value instanceof Node.Scalar && value.value() != null;
    if (!plain && OF_JOB.matcher(name).matches() && !Objects.equals(before, value)) {
      reads();
    }
    return chosen(block, before, value);
  }

  /**
   * What an entry of a dictionary, or an argument of an object, has behind the statement. Without
   * it, it has what is so where nobody says anything.
   *
   * @param object the name of the dictionary or the object
   */
  public Node later(String object, String function, @Nullable Node before, Node value) {
    Block block = block();
    Place made = places.get(object);
    if (block == null
        || made == null
        || made.block() == block.at()
        || !made.function().equals(object.contains(".") ? "" : function)) {
      return value;
    }
    return before != null
        ? chosen(block, before, value)
        : block.role() == Role.FAILS ? value : under(block, value);
  }

  private @Nullable Block block() {
    for (Block block : blocks) {
      if (block.role() != Role.REPEATS) {
        return block;
      }
    }
    return null;
  }

  private static Node chosen(Block block, Node before, Node value) {
    Object had = certain(before);
    Object has = certain(value);
    if (before.value() instanceof Choice && Objects.equals(had, has)) {
      return before;
    }
    if (Objects.equals(had, has)) {
      return value;
    }
    boolean kept = block.role() == Role.PASSED || block.role() == Role.FAILS;
    return kept && had != null
        ? before.value() instanceof Choice ? before : under(block, before)
        : under(block, value);
  }

  private static Node under(Block block, Node node) {
    Object value = certain(node);
    return value == null || node.value() instanceof Choice
        ? node
        : new Node.Scalar(new Choice(value, block.condition()), node.mark());
  }

  /** What is known of a value; null for nothing. */
  private static @Nullable Object certain(Node node) {
    return !(node instanceof Node.Scalar) || Pieces.isOutside(node)
        ? null
        : node.value() instanceof Choice choice ? choice.value() : node.value();
  }
}
