package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Where a program gives one name something, and up to where it is that name.
 *
 * @see <a href="https://docs.python.org/3/reference/executionmodel.html">Naming and binding</a>
 */
final class GivenName {

  /** Pieces of a program, from one up to another. */
  record Range(int start, int end) {

    boolean holds(int at) {
      return start <= at && at < end;
    }
  }

  /**
   * A place where the name is given something.
   *
   * @param scope the function, class, comprehension or lambda whose name it is, or the program
   */
  record Given(int at, Range scope) {}

  /** Statements in which any mention may give a name something, or take it away. */
  private static final Set<String> MENTION =
      Set.of("import", "from", "del", "global", "nonlocal", "case");

  /** Behind these a name is only looked at. */
  private static final Set<String> LOOKS = Set.of(".", "(", "[");

  private static final Set<String> ASSIGN = Set.of("=", "+=", "-=", "*=");

  private final Statements statements;
  private final List<Token> tokens;
  private final int[] closing;
  private final String name;
  private final Range program;

  /** By a place, the bracket around it that was opened last in its statement; -1 for none. */
  private final int[] brackets;

  /** By a place, the innermost function or class that its statement stands in. */
  private final Range[] scopes;

  private final List<Given> all = new ArrayList<>();

  GivenName(Statements statements, String name) {
    this.statements = statements;
    this.tokens = statements.tokens();
    this.closing = Statements.closing(tokens);
    this.name = name;
    this.program = new Range(0, tokens.size());
    this.brackets = brackets();
    this.scopes = new Range[tokens.size()];
    Deque<Range> blocks = new ArrayDeque<>();
    for (int at = 0; at < tokens.size(); at = statements.lineEnd(at) + 1) {
      int end = statements.lineEnd(at);
      while (!blocks.isEmpty() && !blocks.peek().holds(at)) {
        blocks.pop();
      }
      Range scope = blocks.isEmpty() ? program : blocks.peek();
      Arrays.fill(scopes, at, Math.min(end + 1, scopes.length), scope);
      if (end > at && declares(at)) {
        blocks.push(new Range(at, statements.behind(at)));
        head(at, end, blocks.peek());
      }
      statement(at, end);
    }
  }

  private int[] brackets() {
    int[] found = new int[tokens.size()];
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < found.length; i++) {
      Token token = tokens.get(i);
      if (token.kind() == Kind.END) {
        open.clear();
      } else if (token.closes() && !open.isEmpty()) {
        open.pop();
      }
      found[i] = open.isEmpty() ? -1 : open.peek();
      if (token.opens()) {
        open.push(i);
      }
    }
    return found;
  }

  /** All places. */
  List<Given> all() {
    return List.copyOf(all);
  }

  /** Whether the piece is the name: no part of another, and no keyword of a call. */
  boolean isAt(int at) {
    return isWritten(at) && !isKeyword(at);
  }

  /** The innermost function or class that a statement stands in, or the program. */
  Range scope(int at) {
    return scopes[at];
  }

  private boolean isWritten(int at) {
    Token token = tokens.get(at);
    boolean written = token.kind() == Kind.NAME && token.text().equals(name);
    return written && !statements.isDotted(at);
  }

  private boolean isKeyword(int at) {
    return brackets[at] >= 0
        && at + 1 < tokens.size()
        && tokens.get(at + 1).is("=")
        && (tokens.get(at - 1).is("(") || tokens.get(at - 1).is(","));
  }

  private boolean declares(int at) {
    return statements.function(at).isPresent() || tokens.get(at).text().equals("class");
  }

  /** The name of a function or a class is one of what is around it, and parameters are its own. */
  private void head(int at, int end, Range own) {
    boolean function = statements.function(at).isPresent();
    int named = tokens.get(at).text().equals("async") ? at + 2 : at + 1;
    for (int i = named; i < end && (function || i == named); i++) {
      if (isWritten(i)) {
        all.add(new Given(i, i == named ? scopes[at] : own));
      }
    }
  }

  private void statement(int at, int end) {
    String word = at < end ? tokens.get(at).text() : "";
    if (MENTION.contains(word)) {
      boolean outer = word.equals("global") || word.equals("nonlocal");
      give(at, end, outer ? program : scopes[at]);
    }
    boolean typed = at + 1 < end && isAt(at) && tokens.get(at + 1).is(":");
    give(at, typed ? at + 1 : assigned(at, end), scopes[at]);
    for (int i = at; i < end; i++) {
      Token token = tokens.get(i);
      if (token.is(":=")) {
        give(i - 1, i, scopes[at]);
      }
      switch (token.kind() == Kind.NAME ? token.text() : "") {
        case "for" -> give(i, upTo("in", i, end), around(at, i, end));
        case "lambda" -> lambda(i, upTo(":", i, end), around(at, i, end));
        case "as" -> give(i + 1, behindAs(i + 1, end), scopes[at]);
        default -> {}
      }
    }
  }

  /** Where the last assignment of a statement stands; its begin for none. */
  private int assigned(int at, int end) {
    int last = at;
    for (int i = at; i < end; i++) {
      Token token = tokens.get(i);
      boolean assigns = token.kind() == Kind.OPERATOR && ASSIGN.contains(token.text());
      last = assigns && brackets[i] < 0 ? i : last;
    }
    return last;
  }

  /** Where a word stands next, unless another one like the first is in between. */
  private int upTo(String word, int from, int end) {
    String first = tokens.get(from).text();
    int i = from + 1;
    while (i < end && !tokens.get(i).text().equals(word) && !tokens.get(i).text().equals(first)) {
      i++;
    }
    return i;
  }

  private void lambda(int from, int to, Range scope) {
    for (int i = from; i < to; i++) {
      if (isWritten(i)) {
        all.add(new Given(i, scope));
      }
    }
  }

  /** What is behind {@code as}: a name, or names in brackets. */
  private int behindAs(int at, int end) {
    boolean more = at < end && tokens.get(at).opens();
    return Math.min(end, more ? closing[at] : at + 1);
  }

  /**
   * What stands in the brackets around a place; without any its scope for a loop, and its statement
   * for a lambda.
   */
  private Range around(int at, int place, int end) {
    int open = brackets[place];
    boolean loop = tokens.get(place).text().equals("for");
    return open >= 0
        ? new Range(open, Math.min(end, closing[open]))
        : loop ? scopes[at] : new Range(at, end);
  }

  private void give(int from, int to, Range scope) {
    for (int i = Math.max(0, from); i < to; i++) {
      boolean looks = i + 1 < tokens.size() && LOOKS.contains(tokens.get(i + 1).text());
      if (isAt(i) && !looks) {
        all.add(new Given(i, scope));
      }
    }
  }
}
