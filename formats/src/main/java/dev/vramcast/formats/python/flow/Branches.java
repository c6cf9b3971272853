package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.module.Token;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which statements of a program run, as far as conditions are known. Where one is not known, all of
 * its branches are read.
 */
public final class Branches {

  private static final Set<String> OTHERWISE = Set.of("elif", "else");

  /** Of so many lines one reads no more. */
  private static final int MOST = 20;

  /** Tokens from a name up to the end of what it is given. */
  private static final int LONGEST_GIVEN = 100;

  private static final Pattern JOB =
      Pattern.compile(
          "from_pretrained|get_peft_model|load_in_[48]bit|gradient_checkpointing\\w*"
              + "|prepare_model\\w*|\\w*(?:Trainer|Config|Arguments)");

  private final Statements statements;
  private final KnownNames known;

  /** Whether a condition holds by what the program has loaded. */
  private final Function<List<Token>, Optional<Boolean>> loaded;

  /** By the column of an {@code if} of which a branch is known to run. */
  private final NavigableMap<Integer, Boolean> decided = new TreeMap<>();

  /** By the column of an {@code if} where the branch begins that is for the better GPU. */
  private final NavigableMap<Integer, Integer> asked = new TreeMap<>();

  /** Where the one of them begins of which a later branch is read. */
  private final NavigableMap<Integer, Integer> otherwise = new TreeMap<>();

  /** By the column of an {@code if} where the branch begins that is for the lesser GPU. */
  private final NavigableMap<Integer, Integer> lesser = new TreeMap<>();

  /** Where the one of them begins of which a later branch is read. */
  private final NavigableMap<Integer, Integer> behindLesser = new TreeMap<>();

  /** Columns of an {@code if} of which all branches so far are known not to run. */
  private final NavigableSet<Integer> refuted = new TreeSet<>();

  private final BetterGpu gpu = new BetterGpu(this::given);

  /** Where names were given a value last. */
  private final Map<String, Integer> places = new HashMap<>();

  /** Where a branch for the lesser GPU gives names another value than they had. */
  private final Map<String, Integer> passed = new HashMap<>();

  /** By its column the name of a function that a statement stands in. */
  private final NavigableMap<Integer, String> functions = new TreeMap<>();

  /**
   * The lines of branches with calls that make a job, of which it is known that they do not run.
   */
  private final List<Mark> left = new ArrayList<>();

  /** Functions of the module that are called nowhere but in branches which do not run. */
  private final Set<String> unrun;

  public Branches(Statements statements, KnownNames known) {
    this.statements = statements;
    this.known = known;
    this.loaded = condition -> Optional.empty();
    this.unrun = Set.of();
  }

  /**
   * Nothing is read yet.
   *
   * @param loaded whether a condition holds where names of the program do not say it
   */
  public Branches(
      Statements statements, KnownNames known, Function<List<Token>, Optional<Boolean>> loaded) {
    this.statements = statements;
    this.known = known;
    this.loaded = loaded;
    this.unrun = new Branches(statements, known).unrun();
  }

  private Set<String> unrun() {
    List<Token> tokens = statements.tokens();
    Set<String> plain = new HashSet<>();
    Set<String> calledThere = new HashSet<>();
    Set<String> elsewhere = new HashSet<>();
    int at = 0;
    while (at < tokens.size()) {
      int next = next(at);
      for (int i = at; i < next && i + 1 < tokens.size(); i++) {
        boolean dotted = i > 0 && tokens.get(i - 1).is(".");
        if (tokens.get(i).kind() == Token.Kind.NAME && tokens.get(i + 1).is("(") && !dotted) {
          calledThere.add(tokens.get(i).text());
        }
      }
      int end = next < tokens.size() ? statements.lineEnd(next) : next;
      if (next < tokens.size()) {
        statements.plainFunction(next).ifPresent(plain::add);
      }
      for (int i = next; i < Math.min(end + 1, tokens.size()); i++) {
        boolean declared = i > 0 && tokens.get(i - 1).text().equals("def");
        if (tokens.get(i).kind() == Token.Kind.NAME && !declared) {
          elsewhere.add(tokens.get(i).text());
        }
      }
      at = end + 1;
    }
    calledThere.retainAll(plain);
    calledThere.removeAll(elsewhere);
    return calledThere;
  }

  /** Where reading goes on from the start of a statement: there, or behind what does not run. */
  public int next(int start) {
    List<Token> tokens = statements.tokens();
    int at = start;
    while (at < tokens.size() && tokens.get(at).kind() == Token.Kind.NAME) {
      Token first = tokens.get(at);
      boolean follows = OTHERWISE.contains(first.text());
      boolean ran = follows && decided.containsKey(first.column());
      boolean last = follows && refuted.contains(first.column());
      enter(first);
      statements.function(at).ifPresent(name -> functions.put(first.column(), name));
      if (!ran && runs(at)) {
        if (last && first.text().equals("else")) {
          decided.put(first.column(), true);
        }
        return at;
      }
      if (!ran && (last || first.text().equals("if"))) {
        refuted.add(first.column());
      }
      if (ran) {
        decided.put(first.column(), true);
      }
      int behind = statements.behind(at);
      if (left.size() < MOST && tokens.subList(at, behind).stream().anyMatch(Branches::makesJob)) {
        left.add(first.mark());
      }
      at = behind;
    }
    return at;
  }

  /** Whether the branch in this column that the last statement begins is known to run. */
  public boolean isSure(int column) {
    return decided.getOrDefault(column, false);
  }

  /** Where the branches begin that are left out. */
  public List<Mark> left() {
    return List.copyOf(left);
  }

  /** What begins here is left out. */
  public void leave(Token token) {
    if (left.size() < MOST) {
      left.add(token.mark());
    }
  }

  public static boolean makesJob(Token token) {
    return token.kind() == Token.Kind.NAME && JOB.matcher(token.text()).matches();
  }

  /** The outermost function that the last statement stands in; empty for none. */
  public String function() {
    return functions.isEmpty() ? "" : functions.firstEntry().getValue();
  }

  /** The innermost of them; empty for none. */
  public String innermost() {
    return functions.isEmpty() ? "" : functions.lastEntry().getValue();
  }

  /** What an {@code else} is behind, and nothing but that of any other statement. */
  private void enter(Token first) {
    int column = first.column();
    boolean other = OTHERWISE.contains(first.text());
    int better = other ? asked.getOrDefault(column, -1) : -1;
    int least = other ? lesser.getOrDefault(column, behindLesser.getOrDefault(column, -1)) : -1;
    leave(column);
    if (better >= 0) {
      asked.put(column, better);
      otherwise.put(column, better);
    } else if (least >= 0) {
      behindLesser.put(column, least);
    }
  }

  /**
   * The value of a name, or the one of the branch for a GPU that is large and new enough, where an
   * {@code if} asks what the GPU can.
   *
   * @param name of a variable, or of a part with dots or a bracket
   * @param at where it stands
   * @param before what it stood for until then; null for nothing
   */
  public Node better(String name, int at, @Nullable Node before, Node value) {
    Integer place = places.put(name, at);
    if (place == null) {
      return value;
    }
    int asks = first(otherwise);
    int less = first(lesser);
    int behind = first(behindLesser);
    if (asks >= 0 && place >= asks) {
      places.put(name, place);
      return before == null ? value : Pieces.choice(condition(asks), before);
    }
    if (less >= 0 && place < less && before != null) {
      passed.put(name, at);
      places.put(name, place);
      return Pieces.choice("not " + condition(less), before);
    }
    boolean other = behind >= 0 && Math.max(place, passed.getOrDefault(name, -1)) >= behind;
    return other ? Pieces.choice("not " + condition(behind), value) : value;
  }

  private static int first(NavigableMap<Integer, Integer> places) {
    return places.isEmpty() ? -1 : places.firstEntry().getValue();
  }

  /** A name is given what is not read. */
  public void given(String name, int at) {
    places.put(name, at);
  }

  /** What a name was given last; nothing where that is long. */
  private List<Token> given(String name) {
    List<Token> tokens = statements.tokens();
    int at = places.getOrDefault(name, -1);
    int most = at < 0 ? -1 : Math.min(tokens.size(), at + LONGEST_GIVEN);
    int start = most;
    for (int i = at; i < most; i++) {
      if (tokens.get(i).kind() == Token.Kind.END) {
        return tokens.subList(Math.min(start, i), i);
      }
      start = start == most && tokens.get(i).is("=") ? i + 1 : start;
    }
    return List.of();
  }

  /** What the statement asks that begins there. */
  private String condition(int at) {
    return statements.condition(at).stream()
        .flatMap(List::stream)
        .map(Token::text)
        .collect(Collectors.joining(" "));
  }

  /** Blocks that a statement in this column is behind. */
  private void leave(int column) {
    decided.tailMap(column, true).clear();
    refuted.tailSet(column, true).clear();
    asked.tailMap(column, true).clear();
    otherwise.tailMap(column, true).clear();
    lesser.tailMap(column, true).clear();
    behindLesser.tailMap(column, true).clear();
    functions.tailMap(column, true).clear();
  }

  private boolean runs(int at) {
    if (statements.plainFunction(at).filter(unrun::contains).isPresent()) {
      return false;
    }
    Optional<Boolean> holds =
        statements.condition(at).flatMap(c -> known.holds(c, at).or(() -> loaded.apply(c)));
    if (holds.isEmpty()) {
      statements.condition(at).flatMap(gpu::holds).ifPresent(better -> ask(at, better));
    }
    if (holds.orElse(false)) {
      decided.put(statements.tokens().get(at).column(), true);
    }
    return holds.orElse(true);
  }

  /** A branch begins that asks for a GPU: the first one, or one behind those for lesser ones. */
  private void ask(int at, boolean better) {
    int column = statements.tokens().get(at).column();
    boolean begins = statements.tokens().get(at).text().equals("if");
    if (!begins && !behindLesser.containsKey(column)) {
      return;
    }
    Integer least = behindLesser.get(column);
    if (better) {
      asked.put(column, at);
    } else {
      lesser.put(column, least == null ? at : least);
    }
  }
}
