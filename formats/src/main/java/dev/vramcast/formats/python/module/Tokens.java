package dev.vramcast.formats.python.module;

import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts Python source into pieces; what is no Python becomes pieces too. */
public final class Tokens {

  private static final int MOST = 200_000;
  private static final int LONGEST_STRING = 20_000;

  /** Characters of a value that is put into a text. */
  private static final int LONGEST_PUT = 200;

  private final String text;
  private final List<Node.Scalar> rows;
  private final LibraryNames names;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int row;
  private int rowStart;
  private int depth;

  /** The row whose characters are counted, how many are, and how wide they are in the file. */
  private int countedRow = -1;

  private int counted;
  private int width;

  /** The string that begins here keeps its backslashes. */
  private boolean raw;

  /** The string that begins here may put values in. */
  private boolean puts;

  private Tokens(String text, List<Node.Scalar> rows) {
    this.text = text;
    this.rows = rows;
    this.names = LibraryNames.of(rows);
  }

  /**
   * The pieces in order.
   *
   * @param rows for each line of the text, that of its file
   */
  public static List<Token> of(String text, List<Node.Scalar> rows) {
    Tokens cut = new Tokens(text, rows);
    while (cut.position < text.length() && cut.tokens.size() < MOST) {
      cut.next();
    }
    cut.add(Kind.END, "");
    return cut.tokens;
  }

  /**
   * The pieces of a program, without commands for the shell and for the notebook, which are none.
   *
   * @param lines of source, each with the line of the file that it stands in
   */
  public static List<Token> of(List<Node.Scalar> lines) {
    StringBuilder text = new StringBuilder();
    List<Node.Scalar> rows = ModuleLines.rows(lines);
    for (Node.Scalar row : rows) {
      String line = String.valueOf(row.value());
      text.append(ModuleLines.isCommand(line) ? "" : line).append('\n');
    }
    return of(text.toString(), rows);
  }

  private void next() {
    char c = text.charAt(position);
    if (c == '\n') {
      if (depth == 0) {
        add(Kind.END, "");
      }
      row++;
      position++;
      rowStart = position;
    } else if (c == '#') {
      int end = text.indexOf('\n', position);
      position = end < 0 ? text.length() : end;
    } else if (c == '\\' && position + 1 < text.length() && text.charAt(position + 1) == '\n') {
      row++;
      position += 2;
      rowStart = position;
    } else if (Character.isWhitespace(c) || c == '\\') {
      position++;
    } else if (c == '"' || c == '\'') {
      string();
    } else if (Character.isDigit(c)
        || c == '.'
            && position + 1 < text.length()
            && Character.isDigit(text.charAt(position + 1))) {
      run(Kind.NUMBER);
    } else if (Character.isJavaIdentifierStart(c)) {
      name();
    } else if (c == ';' && depth == 0) {
      add(Kind.END, ";");
      position++;
    } else {
      operator(c);
    }
  }

  private void name() {
    int end = position;
    while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
      end++;
    }
    boolean prefix =
        end < text.length()
            && end - position <= 2
            && (text.charAt(end) == '"' || text.charAt(end) == '\'')
            && text.substring(position, end).matches("[rRbBuUfF]+");
    if (prefix) {
      String letters = text.substring(position, end).toLowerCase(Locale.ROOT);
      raw = letters.contains("r");
      puts = letters.contains("f");
      position = end;
    } else {
      String name = text.substring(position, end);
      add(Kind.NAME, isKeyword(end) ? name : named(name, end));
      position = end;
    }
  }

  /** {@code name=} inside of a call. */
  private boolean isKeyword(int end) {
    int at = end;
    while (depth > 0 && at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return depth > 0 && text.startsWith("=", at) && !text.startsWith("==", at);
  }

  /** What a library calls what the program calls so; an attribute of another is what it is. */
  private String named(String name, int end) {
    boolean attribute = !tokens.isEmpty() && tokens.get(tokens.size() - 1).is(".");
    String file = row < rows.size() ? rows.get(row).mark().source() : "";
    return attribute ? name : names.of(file, name, text.startsWith("(", end));
  }

  /** Digits with points, exponents and underscores. */
  private void run(Kind kind) {
    int end = position;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end))
            || "._".indexOf(text.charAt(end)) >= 0
            || "+-".indexOf(text.charAt(end)) >= 0 && "eE".indexOf(text.charAt(end - 1)) >= 0)) {
      end++;
    }
    add(kind, text.substring(position, end));
    position = end;
  }

  private void string() {
    char quote = text.charAt(position);
    int column = position - rowStart;
    Mark start = mark(column);
    boolean triple = text.startsWith(String.valueOf(quote).repeat(3), position);
    position += triple ? 3 : 1;
    StringBuilder value = new StringBuilder();
    int innerEnd = -1;
    while (position < text.length()) {
      char c = text.charAt(position);
      innerEnd = puts && c == '{' && position > innerEnd ? putEnd() : innerEnd;
      boolean closes =
          triple
              ? text.startsWith(String.valueOf(quote).repeat(3), position)
              : c == quote && position > innerEnd;
      if (closes || !triple && c == '\n') {
        break;
      }
      boolean escaped = c == '\\' && position + 1 < text.length();
      if (escaped && raw) {
        value.append(c);
      }
      position += escaped ? 1 : 0;
      char kept = text.charAt(position);
      if (kept == '\n') {
        row++;
        rowStart = position + 1;
      }
      if (value.length() < LONGEST_STRING) {
        value.append(kept);
      }
      position++;
    }
    boolean put = puts && value.indexOf("{") >= 0;
    raw = false;
    puts = false;
    boolean closed = position < text.length() && text.charAt(position) == quote;
    position += closed ? (triple ? 3 : 1) : 0;
    Kind kind = put ? Kind.FORMAT : Kind.STRING;
    tokens.add(new Token(kind, value.toString(), start, column));
  }

  /**
   * Where a value that is put in ends: since Python 3.12 it may have the quotes of its text, in
   * pairs. In front of it where none does.
   */
  private int putEnd() {
    if (text.startsWith("{{", position)) {
      return position + 1;
    }
    int end = position + 1;
    int most = Math.min(text.length(), position + LONGEST_PUT);
    char open = 0;
    for (; end < most && "{\n".indexOf(text.charAt(end)) < 0; end++) {
      char c = text.charAt(end);
      if (open == 0 && c == '}') {
        return end;
      }
      boolean quote = c == '"' || c == '\'';
      open = quote && open == 0 ? c : c == open ? 0 : open;
    }
    return position;
  }

  private void operator(char c) {
    depth += "([{".indexOf(c) >= 0 ? 1 : 0;
    depth = Math.max(0, depth - (")]}".indexOf(c) >= 0 ? 1 : 0));
    boolean two =
        position + 1 < text.length()
            && List.of("==", "!=", "<=", ">=", "//", "**", "->", ":=", "+=", "-=", "*=")
                .contains(text.substring(position, position + 2));
    add(Kind.OPERATOR, text.substring(position, position + (two ? 2 : 1)));
    position += two ? 2 : 1;
  }

  private void add(Kind kind, String value) {
    int column = Math.max(0, position - rowStart);
    tokens.add(new Token(kind, value, mark(column), column));
  }

  /** A place in the row, of which those behind each other are asked for. */
  private Mark mark(int column) {
    if (row >= rows.size()) {
      return new Mark(row + 1, column + 1);
    }
    if (row != countedRow || column < counted) {
      countedRow = row;
      counted = 0;
      width = 0;
    }
    Mark start = rows.get(row).mark();
    String line = String.valueOf(rows.get(row).value());
    for (; counted < column; counted++) {
      width += counted < line.length() ? ModuleLines.width(start, line.charAt(counted)) : 1;
    }
    return start.further(width);
  }
}
