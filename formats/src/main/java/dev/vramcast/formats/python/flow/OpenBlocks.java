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
import java.util.HashSet;
import java.util.LinkedHashMap;
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

  /** {@code getattr(model.config, "max_position_embeddings", None)}. */
  private static final Pattern OF_MODEL =
      Pattern.compile(
          "<(?:getattr \\( )?(?:\\w+ \\. ){0,9}\\w*(?:model|config|tokenizer)\\b.*"
              + "|\\w*model\\.config\\.\\w+|\\w*tokenizer\\.model_max_length");

  private static final String SOMETHING_FAILS = "something is raised";

  private static final String NOTHING_FAILS = "nothing is raised";

  /** What a block is to the values that it gives. */
  private enum Role {
    /** Nobody knows whether it runs. */
    UNKNOWN,
    /** It runs by what is likely, or is one of several. */
    OPEN,
    /** One of several by what something is, of which all are read. */
    CASE,
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
   * @param otherwise the one under which it does not
   */
  private record Block(int at, int column, Role role, String condition, String otherwise) {

    /** Whether what was so in front of it is taken, and not what it gives. */
    boolean isPassed() {
      return role == Role.PASSED || role == Role.FAILS;
    }

    /** Whether nothing says whether it runs, values that are likely neither. */
    boolean isUnknown() {
      return role == Role.UNKNOWN;
    }

    /** The condition of one of which nothing says whether it runs. */
    Optional<Node> open() {
      return Optional.<Node>of(new Node.Scalar("<" + condition + ">", Mark.of(1)))
          .filter(asked -> isUnknown() || role == Role.CASE);
    }

    /** Whether it runs where a name has nothing. */
    boolean asksFor(String name) {
      return Set.of("not " + name, name + " is None", name + " == None").contains(condition);
    }

    /** Whether it runs where a name has more or less than something. */
    boolean bounds(String name) {
      return condition.startsWith(name + " >") || condition.startsWith(name + " <");
    }
  }

  /** Where a name was given its value: the function, and the innermost block that may not run. */
  private record Place(String function, int block) {}

  /** Branches of one {@code if} so far. */
  private static final class Chain {
    private final List<String> conditions = new ArrayList<>();
    private @Nullable String taken;

    /** Whether nothing says of one of them whether it runs. */
    private boolean unknown;
  }

  private final Statements statements;

  /** Of which values that are not plain make a job. */
  private final Set<String> ofJob;

  private final Function<List<Token>, Node> values;
  private final Function<Node, Optional<Boolean>> truth;
  private final OpenSides sides;
  private final Deque<Block> blocks = new ArrayDeque<>();
  private final NavigableMap<Integer, Chain> chains = new TreeMap<>();
  private final Map<String, Place> places = new HashMap<>();

  /** Functions with the names that they declare to be those of what is around them. */
  private final Set<String> declared = new HashSet<>();

  private final Set<Mark> read = new LinkedHashSet<>();
  private boolean trained;

  /**
   * No statement has begun yet.
   *
   * @param values of conditions, by what is likely and not certain
   * @param truth whether such a value holds
   */
  public OpenBlocks(
      Statements statements,
      Function<List<Token>, Node> values,
      Function<Node, Optional<Boolean>> truth) {
    this.statements = statements;
    this.sides = new OpenSides(statements);
    this.values = values;
    this.ofJob = NamesOfJob.in(statements);
    this.truth = truth;
  }

  /**
   * A statement begins that is read.
   *
   * @param sure whether it is a branch that is known to run
   * @param function that it stands in
   */
  public void statement(int at, boolean sure, String function) {
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
    Optional<Node> asked = Optional.empty();
    switch (word) {
      case "if", "elif" -> asked = asks(at, column, sure);
      case "else" -> otherwise(at, column);
      case "except" ->
          blocks.push(new Block(at, column, Role.FAILS, SOMETHING_FAILS, NOTHING_FAILS));
      case "case" -> cases(at, column);
      case "for", "while" -> blocks.push(new Block(at, column, Role.REPEATS, "", ""));
      case "global", "nonlocal" ->
          statements
              .tokens()
              .subList(at + 1, statements.lineEnd(at))
              .forEach(name -> declared.add(function + ' ' + name.text()));
      default -> {}
    }
    if (!trained) {
      Optional<Block> begun = Optional.ofNullable(blocks.peek()).filter(one -> one.at() == at);
      Optional<Node> open = asked.isPresent() ? asked : begun.flatMap(Block::open);
      sides.statement(at, open, begun.filter(Block::isPassed).isPresent());
    }
  }

  private Optional<Node> asks(int at, int column, boolean sure) {
    Optional<List<Token>> condition = statements.condition(at);
    if (sure || condition.isEmpty() || condition.get().get(0).text().equals("__name__")) {
      return Optional.empty();
    }
    Chain chain = chains.computeIfAbsent(column, key -> new Chain());
    Node value = values.apply(condition.get());
    Optional<Boolean> holds = truth.apply(value);
    boolean passed = chain.taken != null || !holds.orElse(true);
    String asked = shown(condition.get());
    String otherwise = Objects.requireNonNullElse(chain.taken, "not " + asked);
    chain.conditions.add(asked);
    chain.unknown |= holds.isEmpty();
    chain.taken = chain.taken == null && holds.orElse(false) ? asked : chain.taken;
    Role role = passed ? Role.PASSED : holds.isPresent() ? Role.OPEN : Role.UNKNOWN;
    blocks.push(new Block(at, column, role, asked, otherwise));
    return Optional.of(value).filter(open -> role == Role.UNKNOWN && Pieces.isOutside(open));
  }

  private void otherwise(int at, int column) {
    Chain chain = chains.get(column);
    if (chain != null) {
      String none = "not " + String.join(" and not ", chain.conditions);
      String any = String.join(" or ", chain.conditions);
      Role role = chain.taken != null ? Role.PASSED : chain.unknown ? Role.UNKNOWN : Role.OPEN;
      blocks.push(new Block(at, column, role, none, Objects.requireNonNullElse(chain.taken, any)));
    }
  }

  /** {@code case "small":}. */
  private void cases(int at, int column) {
    int colon = statements.colon(at);
    if (colon > at + 1) {
      String asked = shown(statements.tokens().subList(at, colon));
      blocks.push(new Block(at, column, Role.CASE, asked, "not " + asked));
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
    if (!trained) {
      sides.called(call);
    }
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

  /** The calls that are read, told what they stand under where nothing decides that. */
  public List<Call> settled(List<Call> calls) {
    sides.settle();
    return calls;
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
    // A part has what its object was made with.
    int dot = name.lastIndexOf('.');
    Place last = places.getOrDefault(name, dot < 0 ? null : places.get(name.substring(0, dot)));
    String around = last == null ? "" : last.function();
    boolean own = dot < 0 && !declared.contains(function + ' ' + name);
    Place place = new Place(own ? function : around, block == null ? -1 : block.at());
    places.put(name, place);
    boolean one = last == null || last.equals(place) || !last.function().equals(place.function());
    if (block == null || before == null || one) {
      return value;
    }
    // What is not known is refused where it is asked for.
    boolean plain = value instanceof Node.Scalar && value.value() != null;
    if (!plain && ofJob.contains(name) && !Objects.equals(before, value)) {
      reads();
    }
    if (block.isUnknown() && before.isNull()) {
      return SidedCalls.made(value, block.condition());
    }
    if (block.isUnknown() && value.isNull() && SidedCalls.isMade(before)) {
      return SidedCalls.made(before, block.otherwise());
    }
    boolean stands = block.asksFor(name) || block.bounds(name) && mayBeMissing(before);
    return stands && isOfModel(before) ? before : chosen(block, before, value);
  }

  /** {@code getattr(model.config, "n_positions", 512)}, of which no bound says what it is. */
  private static boolean mayBeMissing(Node value) {
    return value.value() instanceof String text && text.startsWith("<getattr");
  }

  /** Whether a value is what a model's configuration has, which nearly always has something. */
  private static boolean isOfModel(Node value) {
    return value.value() instanceof String text && OF_MODEL.matcher(text).matches();
  }

  /**
   * Puts what an entry of a dictionary, or an argument of an object, has behind the statement.
   * Without it, it has what is so where nobody says anything.
   *
   * @param entries of the dictionary or the object so far
   * @param object its name
   */
  public void later(
      Map<String, Node> entries, String name, String object, String function, Node value) {
    Block block = block();
    Place made = places.get(object);
    Node before = entries.get(name);
    if (block == null
        || made == null
        || made.block() == block.at()
        || !made.function().equals(object.contains(".") ? "" : function)) {
      entries.put(name, value);
    } else if (before != null) {
      entries.put(name, chosen(block, before, value));
    } else if (!block.isPassed()) {
      entries.put(name, Pieces.choice(block.condition(), value));
    }
  }

  /** Whether a part is given to an object, made elsewhere, by a block that is not taken to run. */
  public boolean isPassed(String object) {
    Block block = block();
    Place made = places.get(object);
    return block != null && block.isPassed() && (made == null || made.block() != block.at());
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
    if (before instanceof Node.Fields one && value instanceof Node.Fields other) {
      return block.isPassed()
          ? entries(block.otherwise(), one, other, "")
          : entries(block.condition(), other, one, block.otherwise());
    }
    Object had = certain(before);
    Object has = certain(value);
    if (Objects.equals(had, has)) {
      return before.value() instanceof Choice || had == null && block.isPassed() ? before : value;
    }
    return block.isPassed() && !Pieces.isOutside(before)
        ? Pieces.choice(block.otherwise(), before)
        : Pieces.choice(block.condition(), value);
  }

  /**
   * The entries of the dictionary of both that is taken.
   *
   * @param condition under which it is taken
   * @param instead under which it may have what only the other one has; empty where it has not
   */
  static Node entries(String condition, Node.Fields taken, Node.Fields other, String instead) {
    Map<String, Node> now = new LinkedHashMap<>(taken.fields());
    now.replaceAll(
        (key, value) -> {
          Node none = new Node.Scalar(null, value.mark());
          Node otherwise = other.fields().getOrDefault(key, none);
          return Alternatives.of(condition, instead, value, otherwise);
        });
    if (!instead.isEmpty()) {
      other
          .fields()
          .forEach((key, value) -> now.putIfAbsent(key, Pieces.open(key, instead, value.mark())));
    }
    return now.isEmpty() ? taken : new Node.Fields(now, taken.mark());
  }

  /** What is known of a value; null for nothing. */
  private static @Nullable Object certain(Node node) {
    return Pieces.isOutside(node) ? null : Choice.taken(node);
  }
}
