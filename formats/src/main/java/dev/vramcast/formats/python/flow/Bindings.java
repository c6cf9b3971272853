package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.flow.KnownNames.Binding;
import dev.vramcast.formats.python.flow.KnownNames.Known;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All that gives names of a program a value, whether it can be read or not. */
final class Bindings {

  /** Words that begin a block that may not run, or not to its end. */
  private static final Set<String> OPEN =
      Set.of(
          "if", "elif", "else", "for", "while", "try", "except", "finally", "with", "async",
          "match", "case");

  private static final Set<String> DECLARE = Set.of("del", "global", "nonlocal", "import", "case");

  /** With these a program may give any name a value. */
  private static final Set<String> ANY = Set.of("exec", "globals");

  /** Methods that change a list or a dictionary in its place. */
  private static final Set<String> CHANGES =
      Set.of(
          "append",
          "clear",
          "extend",
          "insert",
          "pop",
          "popitem",
          "remove",
          "reverse",
          "setdefault",
          "sort",
          "update",
          "__setitem__",
          "__delitem__");

  /** Tokens between a name and a method that changes it; more are not gone through. */
  private static final int LONGEST_CHAIN = 200;

  /** What a block does with names inside of it. */
  private enum Scope {
    FUNCTION,
    CLASS,
    OPEN,
    CLOSED
  }

  private record Block(Scope scope, int start, int end, int column) {}

  private final Statements statements;
  private final List<Token> tokens;
  private final KnownNames known;
  private final Branches branches;
  private final Map<String, List<Binding>> names = new HashMap<>();
  private final Deque<Block> blocks = new ArrayDeque<>();

  /** What names are given outside of all blocks. */
  private final Map<String, List<Token>> outside = new LinkedHashMap<>();

  /** Names in front of an assignment anywhere, fields of classes among them. */
  private final Set<String> assigned = new HashSet<>();

  private final Set<String> changed = new HashSet<>();

  /** Whether something is changed, and not told which name it has. */
  private boolean unclear;

  private boolean any;

  /**
   * Nothing is read yet.
   *
   * @param known of an earlier reading, by which branches are left out
   */
  Bindings(Statements statements, KnownNames known) {
    this.statements = statements;
    this.tokens = statements.tokens();
    this.known = known;
    this.branches = new Branches(statements, known);
  }

  /** By the name; nothing where the program may give any name a value. */
  Map<String, List<Binding>> names() {
    return any ? Map.of() : names;
  }

  /**
   * Names that are given a value once, outside of all blocks, and are never changed, as those are
   * that the value is worked out from.
   */
  Set<String> settled() {
    Set<String> settled = new HashSet<>();
    if (unclear) {
      return settled;
    }
    outside.forEach(
        (name, value) -> {
          boolean once = names().getOrDefault(name, List.of()).size() == 1;
          boolean plain =
              value.stream()
                  .filter(token -> token.kind() == Kind.NAME)
                  .map(Token::text)
                  .allMatch(word -> !assigned.contains(word) || settled.contains(word));
          if (once && plain && !changed.contains(name)) {
            settled.add(name);
          }
        });
    return settled;
  }

  void read() {
    int at = 0;
    while (at < tokens.size()) {
      at = branches.next(at);
      if (at >= tokens.size()) {
        return;
      }
      int end = statements.lineEnd(at);
      if (end > at) {
        statement(at, end);
      }
      at = end + 1;
    }
  }

  private void statement(int at, int end) {
    int column = tokens.get(at).column();
    while (!blocks.isEmpty() && blocks.peek().column() >= column) {
      blocks.pop();
    }
    boolean block = enter(at, column);
    mentioned(at, end);
    int colon = block ? statements.colon(at) : -1;
    if (colon > 0) {
      targets(colon + 1, end);
    }
    int equals = block ? -1 : equals(at, end);
    if (isSimple(at, equals) && equals(equals + 1, end) < 0) {
      bind(at, equals, end);
    } else {
      targets(at, end);
    }
  }

  /** Whether a statement begins a block. */
  private boolean enter(int at, int column) {
    String word = tokens.get(at).kind() == Kind.NAME ? tokens.get(at).text() : "";
    Scope scope = null;
    if (statements.function(at).isPresent()) {
      scope = Scope.FUNCTION;
      parameters(at);
    } else if (word.equals("class")) {
      scope = Scope.CLASS;
    } else if (OPEN.contains(word) && statements.colon(at) > 0) {
      scope = runs(at) ? Scope.CLOSED : Scope.OPEN;
    }
    if (scope == null) {
      return false;
    }
    blocks.push(new Block(scope, at, statements.behind(at), column));
    return true;
  }

  /** The last branch runs where none of those in front of it does. */
  private boolean runs(int at) {
    String word = tokens.get(at).text();
    return word.equals("else") && branches.isSure(tokens.get(at).column())
        || word.equals("if")
            && statements
                .condition(at)
                .filter(asked -> isMain(asked) || holds(asked, at))
                .isPresent();
  }

  private boolean holds(List<Token> condition, int at) {
    return known.holds(condition, at).orElse(false);
  }

  /** {@code __name__ == "__main__"} of what is started. */
  private static boolean isMain(List<Token> condition) {
    return condition.size() == 3
        && condition.get(0).text().equals("__name__")
        && condition.get(1).is("==");
  }

  private void parameters(int at) {
    int depth = 0;
    int end = statements.lineEnd(at);
    for (int i = at + 1; i < end; i++) {
      Token token = tokens.get(i);
      depth += token.opens() ? 1 : token.closes() ? -1 : 0;
      Token before = tokens.get(i - 1);
      boolean first = before.is("(") || before.is(",") || before.is("*") || before.is("**");
      if (depth == 1 && first && token.kind() == Kind.NAME) {
        open(token.text());
      }
    }
  }

  /** Names that get values other than by assignments. */
  private void mentioned(int at, int end) {
    boolean declares = false;
    boolean loops = false;
    boolean lambda = false;
    for (int i = at; i < end; i++) {
      Token token = tokens.get(i);
      String word = token.kind() == Kind.NAME ? token.text() : "";
      declares |= DECLARE.contains(word) && (i == at || word.equals("import"));
      loops = !word.equals("in") && (loops || word.equals("for"));
      lambda = !token.is(":") && (lambda || word.equals("lambda"));
      boolean named = i > at && tokens.get(i - 1).text().equals("as");
      boolean walrus = i + 1 < end && tokens.get(i + 1).is(":=");
      if (i > at + 1 && tokens.get(i - 1).is(".") && CHANGES.contains(word)) {
        changed(i - 2);
      }
      any |= declares && token.is("*") || ANY.contains(word);
      if (!word.isEmpty() && (declares || loops || lambda || named || walrus)) {
        open(word);
      }
    }
  }

  /** The name in front of {@code .update(...)}, behind which entries and fields may stand. */
  private void changed(int last) {
    int depth = 0;
    for (int i = last; i >= Math.max(0, last - LONGEST_CHAIN); i--) {
      Token token = tokens.get(i);
      depth += token.closes() ? 1 : token.opens() ? -1 : 0;
      if (depth < 0 || token.kind() == Kind.END) {
        return;
      }
      boolean inner = i > 0 && tokens.get(i - 1).is(".");
      if (depth == 0 && token.kind() == Kind.NAME && !inner) {
        changed.add(token.text());
        return;
      }
    }
    unclear = true;
  }

  /** The first assignment outside of brackets; -1 where there is none. */
  private int equals(int from, int end) {
    int depth = 0;
    for (int i = from; i < end; i++) {
      depth += tokens.get(i).opens() ? 1 : tokens.get(i).closes() ? -1 : 0;
      boolean assigns =
          tokens.get(i).is("=")
              || tokens.get(i).is("+=")
              || tokens.get(i).is("-=")
              || tokens.get(i).is("*=");
      if (depth == 0 && assigns) {
        return i;
      }
    }
    return -1;
  }

  /** {@code a = 1} and {@code a: int = 1}. */
  private boolean isSimple(int at, int equals) {
    return equals > at
        && tokens.get(at).kind() == Kind.NAME
        && tokens.get(equals).is("=")
        && (equals == at + 1 || tokens.get(at + 1).is(":"));
  }

  private void bind(int at, int equals, int end) {
    Block scope = scope();
    String name = tokens.get(at).text();
    if (scope.scope() == Scope.CLASS) {
      // A field is no name of the program.
      changed.add(name);
      assigned.add(name);
      return;
    }
    List<Token> given = tokens.subList(equals + 1, end);
    if (blocks.isEmpty()) {
      outside.put(name, given);
    }
    assigned.add(name);
    Optional<Known> value = given.isEmpty() ? Optional.empty() : known.value(given, at);
    add(name, new Binding(value, !isOpen(), scope.start(), scope.end()));
  }

  /** All names in front of assignments have values that are not known. */
  private void targets(int at, int end) {
    int from = at;
    for (int equals = equals(at, end); equals >= 0; equals = equals(equals + 1, end)) {
      for (int i = from; i < equals; i++) {
        if (tokens.get(i).kind() == Kind.NAME) {
          open(tokens.get(i).text());
          assigned.add(tokens.get(i).text());
        }
      }
      from = equals + 1;
    }
  }

  private void open(String name) {
    add(name, new Binding(Optional.empty(), false, 0, 0));
  }

  private void add(String name, Binding binding) {
    names.computeIfAbsent(name, key -> new ArrayList<>()).add(binding);
  }

  /** The function or class that a statement stands in, or the program. */
  private Block scope() {
    return blocks.stream()
        .filter(block -> block.scope() == Scope.FUNCTION || block.scope() == Scope.CLASS)
        .findFirst()
        .orElse(new Block(Scope.CLOSED, 0, tokens.size(), -1));
  }

  /** Whether a statement may not run where its function or the program does. */
  private boolean isOpen() {
    return blocks.stream()
        .takeWhile(b -> b.scope() == Scope.OPEN || b.scope() == Scope.CLOSED)
        .anyMatch(block -> block.scope() == Scope.OPEN);
  }
}
