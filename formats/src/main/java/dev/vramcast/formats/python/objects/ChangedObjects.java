package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether what gives an object another value is run, and in front of what is handed the object. */
public final class ChangedObjects {

  private final List<Token> tokens;
  private final Statements statements;

  /** Names that calls outside of blocks were handed. */
  private final Set<String> handed = new HashSet<>();

  private final Set<String> functions = new HashSet<>();

  /** Where objects were made last. */
  private final Map<String, Integer> made = new HashMap<>();

  /** Where a function of the program was called last that is handed nothing. */
  private int bare = -1;

  /** Whether the last statement outside of all others asks whether the program is started. */
  private boolean isMain;

  private int inner;
  private boolean outermost;

  public ChangedObjects(Statements statements) {
    this.tokens = statements.tokens();
    this.statements = statements;
  }

  public void declares(String function) {
    functions.add(function);
  }

  public void made(String object, int at) {
    made.put(object, at);
  }

  /** Whether the last statement is run whatever holds, and no call was handed an object above. */
  public boolean isAbove(String object) {
    return outermost && !handed.contains(object) && made.getOrDefault(object, -1) > bare;
  }

  /** A statement begins. */
  public void statement(int at) {
    Token first = tokens.get(at);
    if (first.kind() == Kind.END) {
      return;
    }
    if (first.column() == 0) {
      isMain =
          first.text().equals("if")
              && at + 1 < tokens.size()
              && tokens.get(at + 1).text().equals("__name__");
      inner = -1;
    } else if (isMain && inner < 0) {
      inner = first.column();
    }
    outermost = first.column() == 0 || isMain && first.column() == inner;
    if (outermost && !first.text().equals("print")) {
      handed(statements.isAssigned(at, at) ? at + 2 : at, statements.lineEnd(at));
    }
  }

  private void handed(int start, int end) {
    int depth = 0;
    for (int i = start; i + 1 < end; i++) {
      Token token = tokens.get(i);
      Token behind = tokens.get(i + 1);
      depth += token.opens() ? 1 : token.closes() ? -1 : 0;
      boolean name = token.kind() == Kind.NAME && (i == 0 || !tokens.get(i - 1).is("."));
      if (name && depth > 0 && !behind.is(".") && !behind.is("=")) {
        handed.add(token.text());
      }
      if (name && behind.is("(") && tokens.get(i + 2).is(")")) {
        bare = functions.contains(token.text()) ? i : bare;
      }
    }
  }
}
