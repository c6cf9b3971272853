package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A class that a program declares outside of all blocks.
 *
 * @param bases names of what it is made from, without their packages
 * @param decorator what stands in front of it, without spaces; empty for nothing
 * @param start its first token
 * @param end behind its last token
 */
record DeclaredClass(String name, List<String> bases, String decorator, int start, int end) {

  /** All classes of a program by their names, in their order. */
  static Map<String, DeclaredClass> of(Statements statements) {
    List<Token> tokens = statements.tokens();
    Map<String, DeclaredClass> found = new LinkedHashMap<>();
    StringBuilder decorator = new StringBuilder();
    for (int i = 0; i + 1 < tokens.size(); i = statements.lineEnd(i) + 1) {
      Token first = tokens.get(i);
      if (first.kind() == Kind.END || first.column() > 0) {
        continue;
      }
      if (first.is("@")) {
        decorator.append(Token.joined(tokens.subList(i, statements.lineEnd(i)), ""));
        continue;
      }
      if (first.text().equals("class")) {
        String name = tokens.get(i + 1).text();
        List<String> bases = bases(tokens, i + 2, statements.lineEnd(i));
        int end = statements.behind(i);
        found.put(name, new DeclaredClass(name, bases, decorator.toString(), i, end));
      }
      decorator.setLength(0);
    }
    return found;
  }

  private static List<String> bases(List<Token> tokens, int open, int end) {
    List<String> names = new ArrayList<>();
    int depth = 0;
    for (int i = open; i + 1 < end; i++) {
      depth += tokens.get(i).opens() ? 1 : tokens.get(i).closes() ? -1 : 0;
      Token behind = tokens.get(i + 1);
      boolean whole = !behind.is(".") && !behind.is("=") && !tokens.get(i - 1).is("=");
      if (depth == 1 && tokens.get(i).kind() == Kind.NAME && whole) {
        names.add(tokens.get(i).text());
      }
    }
    return names;
  }

  /** Where the statements begin that stand right in it. */
  List<Integer> body(Statements statements) {
    List<Token> tokens = statements.tokens();
    List<Integer> found = new ArrayList<>();
    int column = -1;
    for (int i = statements.lineEnd(start) + 1; i < end; i = statements.lineEnd(i) + 1) {
      Token first = tokens.get(i);
      if (first.kind() == Kind.END) {
        continue;
      }
      column = column < 0 ? first.column() : column;
      if (first.column() == column) {
        found.add(i);
      }
    }
    return found;
  }
}
