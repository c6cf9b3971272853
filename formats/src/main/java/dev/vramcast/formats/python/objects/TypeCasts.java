package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.module.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** {@code typing.cast(Type, value)}, which is the value and tells type checkers alone. */
public final class TypeCasts {

  private static final String CAST = "cast";

  private TypeCasts() {}

  /** The program with values in the place of such calls, and without {@code a = cast(A, a)}. */
  public static List<Token> left(List<Token> tokens) {
    Statements statements = new Statements(tokens);
    if (!isImported(statements)) {
      return tokens;
    }
    int[] closing = Statements.closing(tokens);
    boolean[] gone = new boolean[tokens.size()];
    for (int i = 0; i + 1 < tokens.size(); i++) {
      boolean call = tokens.get(i).text().equals(CAST) && tokens.get(i + 1).is("(");
      int comma = call ? comma(tokens, closing, i + 1) : -1;
      if (comma < 0) {
        continue;
      }
      int first = i > 1 && tokens.get(i - 1).is(".") ? i - 2 : i;
      int end = closing[i + 1];
      boolean same =
          first > 1
              && statements.isStart(first - 2)
              && tokens.get(first - 1).is("=")
              && end == comma + 2
              && statements.lineEnd(first) == end + 1
              && tokens.get(comma + 1).text().equals(tokens.get(first - 2).text());
      IntStream.rangeClosed(same ? first - 2 : first, comma).forEach(at -> gone[at] = true);
      gone[end] = true;
      IntStream.range(comma, same ? end : comma).forEach(at -> gone[at] = true);
    }
    List<Token> kept = new ArrayList<>(tokens.size());
    IntStream.range(0, gone.length).filter(i -> !gone[i]).mapToObj(tokens::get).forEach(kept::add);
    return kept;
  }

  private static boolean isImported(Statements statements) {
    List<Token> tokens = statements.tokens();
    return IntStream.range(0, tokens.size())
        .filter(i -> tokens.get(i).text().matches("from|import") && statements.isStart(i))
        .mapToObj(i -> tokens.subList(i, statements.lineEnd(i)))
        .filter(line -> line.size() > 1 && line.get(1).text().equals("typing"))
        .anyMatch(
            line ->
                line.get(0).text().equals("import")
                    || line.stream().anyMatch(word -> word.text().equals(CAST)));
  }

  /** The comma behind the type; -1 where there is none. */
  private static int comma(List<Token> tokens, int[] closing, int open) {
    int end = Statements.expressionEnd(tokens, closing, open + 1);
    return end < tokens.size() && tokens.get(end).is(",") ? end : -1;
  }
}
