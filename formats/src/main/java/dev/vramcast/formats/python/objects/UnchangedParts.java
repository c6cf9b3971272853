package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Dictionaries that objects have of their class, {@code self.adapters}, which a program gives one
 * value in all and never changes: each unpacks to the same arguments.
 */
public final class UnchangedParts {

  private static final Set<String> READS = Set.of("get", "items", "keys", "values", "copy");

  /** Of more names none is known. */
  private static final int MOST = 50;

  private UnchangedParts() {}

  /** The names behind {@code self}. */
  public static Set<String> in(List<Token> tokens, int[] closing) {
    Set<String> names = new HashSet<>();
    for (int i = 3; i < tokens.size() && names.size() < MOST; i++) {
      if (isPart(tokens, i) && tokens.get(i - 3).is("**")) {
        names.add(tokens.get(i).text());
      }
    }
    names.removeIf(name -> !isUnchanged(name, tokens, closing));
    return names;
  }

  private static boolean isPart(List<Token> tokens, int at) {
    return tokens.get(at).kind() == Kind.NAME
        && tokens.get(at - 1).is(".")
        && tokens.get(at - 2).text().equals("self");
  }

  private static boolean isUnchanged(String name, List<Token> tokens, int[] closing) {
    int given = 0;
    for (int i = 0; i + 2 < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.kind() != Kind.NAME || !token.text().equals(name)) {
        continue;
      }
      Token behind = tokens.get(i + 1);
      boolean keyword = i > 0 && (tokens.get(i - 1).is("(") || tokens.get(i - 1).is(","));
      if (behind.is("=") && !keyword) {
        given += isDictionary(tokens, i + 2) ? 1 : 2;
      } else if (!behind.is("=") && !isRead(tokens, closing, i)) {
        return false;
      }
    }
    return given == 1;
  }

  /** {@code {"r": 8}}, {@code dict(r=8)}. */
  private static boolean isDictionary(List<Token> tokens, int at) {
    boolean call = tokens.get(at).text().equals("dict") && at + 1 < tokens.size();
    return tokens.get(at).is("{") || call && tokens.get(at + 1).is("(");
  }

  private static boolean isRead(List<Token> tokens, int[] closing, int at) {
    Token behind = tokens.get(at + 1);
    if (behind.is("[")) {
      int close = closing[at + 1];
      boolean deleted = at > 2 && tokens.get(at - 3).text().equals("del");
      return !deleted && close + 1 < tokens.size() && !isAssigned(tokens, close + 1);
    }
    if (behind.is(".")) {
      return READS.contains(tokens.get(at + 2).text());
    }
    return at > 2 && tokens.get(at - 3).is("**");
  }

  private static boolean isAssigned(List<Token> tokens, int at) {
    String sign = tokens.get(at).text();
    return tokens.get(at).kind() == Kind.OPERATOR
        && (sign.equals("=")
            || sign.length() == 2 && sign.endsWith("=") && "+-*|".contains(sign.substring(0, 1)));
  }
}
