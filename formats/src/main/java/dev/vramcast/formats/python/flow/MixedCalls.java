package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.formats.python.module.Tokens;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Parts of a job that a program makes in one branch, and in another one of the same {@code if}. */
public final class MixedCalls {

  /** Calls of a kind that are compared. */
  private static final int MOST = 20;

  private static final String LOADS = "model";
  private static final String ARGUMENTS = "arguments";
  private static final String TRAINER = "Trainer";

  private static final Map<String, Pattern> KINDS =
      Map.of(
          LOADS,
          Pattern.compile(
              "(?:.*\\.)?(?!Peft)\\w{0,80}(?:Model|For[A-Z])\\w{0,80}\\.from_pretrained"),
          ARGUMENTS,
          Pattern.compile(
              "(?:\\w+\\.)*+(?:\\w*TrainingArguments"
                  + "|(?:SFT|DPO|GRPO|RLOO|PPO|KTO|ORPO|CPO|BCO|GKD|Reward)Config)"),
          "LoraConfig",
          Pattern.compile("(?:\\w+\\.)*+LoraConfig"),
          "BitsAndBytesConfig",
          Pattern.compile("(?:\\w+\\.)*+BitsAndBytesConfig"),
          TRAINER,
          Pattern.compile("(?:\\w+\\.)*+\\w*Trainer"));

  /** A branch of the statement that begins at a place. */
  private record Branch(int whole, int at, int column) {}

  /** A call with the branches around it, and the function that it is returned from, or -1. */
  private record Made(Call call, List<Branch> branches, int returns) {}

  private final Statements statements;
  private final NavigableMap<Integer, Integer> wholes = new TreeMap<>();
  private final Deque<Branch> branches = new ArrayDeque<>();
  private final Deque<Branch> functions = new ArrayDeque<>();
  private final Map<String, List<Made>> made = new HashMap<>();
  private final Map<String, Node> mixed = new LinkedHashMap<>();

  private MixedCalls(Statements statements) {
    this.statements = statements;
  }

  /**
   * The second of two such calls, one of each kind, by its name.
   *
   * @param lines of source that the calls stand in
   */
  public static List<Node> of(List<Node.Scalar> lines, List<Call> calls) {
    Map<Mark, Call> found = new HashMap<>();
    calls.stream()
        .takeWhile(call -> !call.outermost() || !call.name().endsWith(".train"))
        .filter(call -> KINDS.values().stream().anyMatch(k -> k.matcher(call.name()).matches()))
        .forEach(call -> found.putIfAbsent(call.mark(), call));
    if (found.size() < 2) {
      return List.of();
    }
    MixedCalls mixed =
        new MixedCalls(new Statements(ParsedNames.marked(OneLiners.parted(Tokens.of(lines)))));
    mixed.read(found);
    return List.copyOf(mixed.mixed.values());
  }

  private void read(Map<Mark, Call> found) {
    List<Token> tokens = statements.tokens();
    int line = 0;
    for (int i = 0; i < tokens.size(); i++) {
      if (statements.isStart(i) && tokens.get(i).kind() != Kind.END) {
        line = i;
        statement(i);
      }
      Call call = tokens.get(i).kind() == Kind.NAME ? found.get(tokens.get(i).mark()) : null;
      if (call != null) {
        called(call, tokens.get(line).text().equals("return"));
      }
    }
  }

  private void statement(int at) {
    Token first = statements.tokens().get(at);
    int column = first.column();
    while (!branches.isEmpty() && branches.peek().column() >= column) {
      branches.pop();
    }
    while (!functions.isEmpty() && functions.peek().column() >= column) {
      functions.pop();
    }
    if (statements.function(at).isPresent()) {
      functions.push(new Branch(at, at, column));
    }
    String word = first.kind() == Kind.NAME ? first.text() : "";
    boolean follows = List.of("elif", "else", "except", "case").contains(word);
    wholes.tailMap(column, !follows).clear();
    if (word.equals("if") || word.equals("try") || word.equals("case")) {
      wholes.putIfAbsent(column, at);
    }
    Integer whole = wholes.get(column);
    if (whole == null) {
      return;
    }
    // What stands behind a try without a failure runs beside it.
    boolean beside = word.equals("else") && statements.tokens().get(whole).text().equals("try");
    branches.push(new Branch(whole, beside ? whole : at, column));
  }

  private void called(Call call, boolean returns) {
    String kind =
        KINDS.entrySet().stream()
            .filter(entry -> entry.getValue().matcher(call.name()).matches())
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    int function = returns && !functions.isEmpty() ? functions.peek().at() : -1;
    Made now = new Made(call, List.copyOf(branches), function);
    List<Made> before = made.computeIfAbsent(kind, key -> new ArrayList<>());
    if (before.stream().anyMatch(one -> isOther(one, now) && differs(kind, one.call(), call))) {
      mixed.putIfAbsent(kind, new Node.Scalar(call.name(), call.mark()));
    }
    if (before.size() < MOST) {
      before.add(now);
    }
  }

  /** Whether where one of them is run the other is not. */
  private static boolean isOther(Made one, Made other) {
    return one.returns() >= 0 && one.returns() == other.returns()
        || one.branches().stream()
            .anyMatch(
                a ->
                    other.branches().stream()
                        .anyMatch(b -> a.whole() == b.whole() && a.at() != b.at()));
  }

  private static boolean differs(String kind, Call one, Call other) {
    boolean told = !kind.equals(TRAINER) && !values(one).equals(values(other));
    return told || !one.name().equals(other.name());
  }

  private static Map<String, Optional<Object>> values(Call call) {
    return call.arguments().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, said -> Optional.ofNullable(said.getValue().value())));
  }
}
