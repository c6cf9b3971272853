package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.handed.Completion;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where statements of a program begin and blocks end.
 *
 * @param tokens of the whole program
 */
public record Statements(List<Token> tokens) {

  /** Words that a colon follows as it follows a field. */
  private static final Set<String> BLOCKS = Set.of("else", "try", "finally");

  /** What stands before the name of a function or a class that is declared, and not called. */
  private static final Set<String> DECLARES = Set.of("def", "class");

  /** Words of Python that a bracket may follow, and that call nothing. */
  private static final Set<String> WORDS =
      Set.of(
          "import", "in", "is", "not", "and", "or", "if", "elif", "while", "for", "with", "return",
          "yield", "await", "assert", "del", "raise", "except", "lambda", "def", "class");

  /** Whether a word of Python, behind which a bracket may stand, calls nothing. */
  public static boolean isWord(String word) {
    return WORDS.contains(word);
  }

  /** Whether the name of a function or a class stands behind it. */
  public static boolean declares(Token token) {
    return DECLARES.contains(token.text());
  }

  /** The sign behind which the value of a field stands, or the end of its line. */
  public int equalsSign(int type) {
    int equals = type;
    while (equals < tokens.size()
        && tokens.get(equals).kind() != Kind.END
        && !tokens.get(equals).is("=")) {
      equals++;
    }
    return equals;
  }

  public boolean isStart(int at) {
    return at == 0 || tokens.get(at - 1).kind() == Kind.END;
  }

  /** Whether it is a part of what stands before a dot. */
  public boolean isDotted(int at) {
    return at > 0 && tokens.get(at - 1).is(".");
  }

  /** Where the line ends that a statement begins. */
  public int lineEnd(int at) {
    int end = at;
    while (end < tokens.size() && tokens.get(end).kind() != Kind.END) {
      end++;
    }
    return end;
  }

  /** The first statement that is no deeper than one; the end where there is none. */
  public int behind(int at) {
    int column = tokens.get(at).column();
    for (int i = at + 1; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (isStart(i) && token.kind() != Kind.END && token.column() <= column) {
        return i;
      }
    }
    return tokens.size();
  }

  /** What {@code if} and {@code elif} ask; empty for any other statement. */
  public Optional<List<Token>> condition(int at) {
    String word = tokens.get(at).text();
    int colon = word.equals("if") || word.equals("elif") ? colon(at) : -1;
    return colon > at + 1 ? Optional.of(tokens.subList(at + 1, colon)) : Optional.empty();
  }

  /** The name of the function that a statement begins. */
  public Optional<String> function(int at) {
    int def = tokens.get(at).text().equals("async") ? at + 1 : at;
    return def + 1 < tokens.size() && tokens.get(def).text().equals("def")
        ? Optional.of(tokens.get(def + 1).text())
        : Optional.empty();
  }

  /**
   * The name of a function of the module that nothing but its name calls: no method, undecorated.
   */
  public Optional<String> plainFunction(int at) {
    Optional<String> name = function(at);
    int end = name.isEmpty() ? 0 : at;
    while (end > 0 && isStart(end)) {
      end--;
    }
    int before = end;
    while (!isStart(before)) {
      before--;
    }
    boolean decorated = before < at && tokens.get(before).is("@");
    return name.filter(own -> tokens.get(at).column() == 0 && !decorated);
  }

  /** {@code model =} and {@code self.model =} at the start of a line, up to the name's end. */
  public boolean isAssigned(int start, int end) {
    return isStart(start) && end + 1 < tokens.size() && tokens.get(end + 1).is("=");
  }

  /** {@code self.rank *= 2} at the start of a line, up to the name's end. */
  public boolean isAugmented(int start, int end) {
    return isStart(start)
        && end + 2 < tokens.size()
        && (List.of("+=", "-=", "*=").contains(tokens.get(end + 1).text())
            || tokens.get(end + 1).kind() == Kind.OPERATOR
                && !tokens.get(end + 1).closes()
                && tokens.get(end + 2).is("="));
  }

  /** Names that stand elsewhere than where a function or a class is declared. */
  public Set<String> named() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      boolean declared = i > 0 && declares(tokens.get(i - 1));
      if (tokens.get(i).kind() == Kind.NAME && !declared) {
        names.add(tokens.get(i).text());
      }
    }
    return names;
  }

  /** {@code CONFIG["rank"] = 16} at the start of a line. */
  public boolean isEntry(int at) {
    return isStart(at)
        && at + 4 < tokens.size()
        && tokens.get(at + 1).is("[")
        && tokens.get(at + 2).kind() == Token.Kind.STRING
        && tokens.get(at + 3).is("]")
        && tokens.get(at + 4).is("=");
  }

  /** {@code rank: int = 8}, a field of a class. */
  public boolean isField(int at) {
    boolean named = !BLOCKS.contains(tokens.get(at).text());
    return isStart(at) && named && at + 1 < tokens.size() && tokens.get(at + 1).is(":");
  }

  /** The names of {@code a, b = ...}, every second piece; none of another statement. */
  public List<String> tuple(int at) {
    List<String> names = new ArrayList<>();
    int i = at;
    while (isStart(at) && i + 1 < tokens.size() && tokens.get(i).kind() == Kind.NAME) {
      names.add(tokens.get(i).text());
      if (!tokens.get(i + 1).is(",")) {
        return names.size() > 1 && tokens.get(i + 1).is("=") ? names : List.of();
      }
      i += 2;
    }
    return List.of();
  }

  /** When a {@code __post_init__} that begins here gives fields values; none of other functions. */
  public Map<String, Completion> completions(int def) {
    Map<String, Completion> found = new LinkedHashMap<>();
    if (!function(def).equals(Optional.of("__post_init__"))) {
      return found;
    }
    int end = behind(def);
    for (int i = def; i + 3 < end; i++) {
      boolean part = tokens.get(i).text().equals("self") && tokens.get(i + 1).is(".");
      Token behind = tokens.get(i + 3);
      boolean plain = isStart(i) && behind.is("=");
      boolean changes =
          plain
              || behind.is("=") && tokens.get(i - 1).is(":")
              || isStart(i) && behind.is(",")
              || List.of("+=", "-=", "*=").contains(behind.text())
              || i + 4 < end && behind.kind() == Kind.OPERATOR && tokens.get(i + 4).is("=");
      if (part && changes) {
        Completion when = plain ? completion(def, i) : Completion.SOMEHOW;
        found.merge(tokens.get(i + 2).text(), when, (one, other) -> Completion.SOMEHOW);
      }
    }
    return found;
  }

  /** When a statement {@code self.rank = 8} of a function is run. */
  private Completion completion(int def, int at) {
    List<Token> value = tokens.subList(at + 4, lineEnd(at));
    List<Integer> heads = new ArrayList<>();
    int column = tokens.get(at).column();
    for (int i = at - 1; i > def; i--) {
      Token token = tokens.get(i);
      if (isStart(i) && token.kind() != Kind.END && token.column() < column) {
        heads.add(i);
        column = token.column();
      }
    }
    if (value.stream().anyMatch(token -> token.text().equals("self")) || heads.size() > 1) {
      return Completion.SOMEHOW;
    }
    String asked = "self.%s is None".formatted(tokens.get(at + 2).text()).replace(" ", "");
    boolean ifNone =
        heads.stream()
            .filter(head -> tokens.get(head).text().equals("if"))
            .flatMap(head -> condition(head).stream())
            .anyMatch(all -> Token.joined(all, "").equals(asked));
    return heads.isEmpty() ? Completion.ALWAYS : ifNone ? Completion.IF_NONE : Completion.SOMEHOW;
  }

  /** The colon behind the head of a block; -1 where the line ends before. */
  public int colon(int at) {
    int depth = 0;
    int end = lineEnd(at);
    for (int i = at + 1; i < end; i++) {
      depth += tokens.get(i).opens() ? 1 : tokens.get(i).closes() ? -1 : 0;
      if (depth == 0 && tokens.get(i).is(":")) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Where an expression ends: at a comma, a closing bracket or the end of its line.
   *
   * @param closing as of {@link #closing}
   */
  public static int expressionEnd(List<Token> tokens, int[] closing, int start) {
    int i = start;
    while (i < tokens.size()) {
      Token token = tokens.get(i);
      if (token.closes() || token.is(",") || token.kind() == Kind.END) {
        return i;
      }
      i = token.opens() ? closing[i] + 1 : i + 1;
    }
    return tokens.size();
  }

  /**
   * What stands between the commas of brackets: where each begins and ends.
   *
   * @param closing as of {@link #closing}
   * @param open where the bracket opens
   */
  public static List<int[]> parts(List<Token> tokens, int[] closing, int open) {
    List<int[]> parts = new ArrayList<>();
    int last = Math.min(closing[open], tokens.size());
    for (int start = open + 1; start < last; ) {
      int end = expressionEnd(tokens, closing, start);
      parts.add(new int[] {start, Math.max(start, end)});
      start = end + 1;
    }
    return parts;
  }

  /** By the place of an opening bracket that of its closing one, the end where there is none. */
  public static int[] closing(List<Token> tokens) {
    int[] closing = new int[tokens.size()];
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).opens()) {
        closing[i] = tokens.size();
        open.push(i);
      } else if (tokens.get(i).closes() && !open.isEmpty()) {
        closing[open.pop()] = i;
      }
    }
    return closing;
  }
}
