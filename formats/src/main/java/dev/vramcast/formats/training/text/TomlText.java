package dev.vramcast.formats.training.text;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * TOML as configurations are written in it: tables, arrays of tables, and keys with texts, numbers,
 * truth values, arrays and inline tables. Of an array of tables the last one is kept under its
 * name.
 */
final class TomlText {

  private static final int DEEPEST = 20;

  private static final Pattern KEY =
      Pattern.compile("\\s*([A-Za-z0-9_-]+|\"[^\"\\n]*\"|'[^'\\n]*')\\s*");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?\\d[\\d_]{0,30}(\\.\\d[\\d_]{0,30})?([eE][+-]?\\d{1,3})?");
  private static final Pattern BARE = Pattern.compile("[^\\s,\\]}#]+");

  private final String text;
  private final String name;
  private int position;
  private int counted;
  private int line = 1;
  private int lineStart;

  private TomlText(String text, String name) {
    this.text = text.replace("\r\n", "\n");
    this.name = name;
  }

  /**
   * The keys of a file.
   *
   * @throws InputException for what is no TOML, with its line
   */
  static Node.Fields read(String text, String name) {
    return new TomlText(text, name).file();
  }

  private Node.Fields file() {
    Node.Fields root = Values.tree(new Mark(1, 1));
    String table = "";
    for (skip(); position < text.length(); skip()) {
      Mark mark = mark();
      if (text.charAt(position) == '[') {
        table = table();
        if (root.at(table).isEmpty()) {
          Values.put(root, table, Values.tree(mark));
        }
      } else {
        String key = path('=');
        Values.put(root, table.isEmpty() ? key : table + "." + key, keyed(value(0), mark));
        end();
      }
    }
    return root;
  }

  /** {@code [a.b]}, or {@code [[a.b]]} for one more of several. */
  private String table() {
    boolean several = text.startsWith("[[", position);
    position += several ? 2 : 1;
    String path = path(']');
    if (several && next() == ']') {
      position++;
    }
    end();
    return path;
  }

  /** Names with dots between them, up to a sign behind them. */
  private String path(char sign) {
    StringBuilder path = new StringBuilder();
    for (int depth = 0; depth < DEEPEST; depth++) {
      Matcher key = KEY.matcher(text).region(position, text.length());
      if (!key.lookingAt()) {
        throw error("a name");
      }
      path.append(key.group(1).replaceAll("[\"'.]", ""));
      position = key.end();
      char c = next();
      position++;
      if (c == sign) {
        return path.toString();
      }
      if (c != '.') {
        position--;
        throw error("'" + sign + "'");
      }
      path.append('.');
    }
    throw error("fewer names");
  }

  private Node value(int depth) {
    blanks();
    Mark mark = mark();
    char c = next();
    if (c == '[' && depth < DEEPEST) {
      return new Node.Items(items(depth), mark);
    } else if (c == '{' && depth < DEEPEST) {
      return inline(depth, mark);
    } else if (c == '"' || c == '\'') {
      return new Node.Scalar(quoted(c), mark);
    }
    Matcher bare = BARE.matcher(text).region(position, text.length());
    if (!bare.lookingAt()) {
      throw error("a value");
    }
    position = bare.end();
    return new Node.Scalar(plain(bare.group()), mark);
  }

  /** A value at the place of its key. */
  private static Node keyed(Node value, Mark key) {
    if (value instanceof Node.Fields fields) {
      return new Node.Fields(fields.fields(), key);
    }
    return value instanceof Node.Items items
        ? new Node.Items(items.items(), key)
        : new Node.Scalar(value.value(), key);
  }

  private static Object plain(String word) {
    if (word.equals("true") || word.equals("false")) {
      return word.equals("true");
    }
    return NUMBER.matcher(word).matches() ? new BigDecimal(word.replace("_", "")) : word;
  }

  private List<Node> items(int depth) {
    List<Node> items = new ArrayList<>();
    position++;
    for (skip(); next() != ']'; skip()) {
      items.add(value(depth + 1));
      skip();
      if (next() == ',') {
        position++;
      } else if (next() != ']') {
        throw error("',' or ']'");
      }
    }
    position++;
    return items;
  }

  private Node inline(int depth, Mark mark) {
    Node.Fields fields = Values.tree(mark);
    position++;
    for (skip(); next() != '}'; skip()) {
      Mark start = mark();
      String key = path('=');
      Values.put(fields, key, keyed(value(depth + 1), start));
      skip();
      if (next() == ',') {
        position++;
      } else if (next() != '}') {
        throw error("',' or '}'");
      }
    }
    position++;
    return fields;
  }

  /** One line between single or double quotes, or several between three of them. */
  private String quoted(char quote) {
    String three = String.valueOf(quote).repeat(3);
    String mark = text.startsWith(three, position) ? three : String.valueOf(quote);
    int start = position + mark.length();
    int end = start;
    while (end < text.length() && !text.startsWith(mark, end)) {
      boolean broken = mark.length() == 1 && text.charAt(end) == '\n';
      if (broken) {
        throw error("a closing " + mark);
      }
      end += quote == '"' && text.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= text.length()) {
      throw error("a closing " + mark);
    }
    position = end + mark.length();
    return text.substring(start, end);
  }

  /** Nothing but a comment may stand behind a value. */
  private void end() {
    blanks();
    if (position < text.length() && text.charAt(position) == '#') {
      comment();
    }
    if (position < text.length() && text.charAt(position) != '\n') {
      throw error("the end of the line");
    }
  }

  private char next() {
    return position < text.length() ? text.charAt(position) : '\n';
  }

  private void blanks() {
    while (position < text.length() && " \t".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private void skip() {
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '#') {
        comment();
      } else if (Character.isWhitespace(c)) {
        position++;
      } else {
        return;
      }
    }
  }

  private void comment() {
    int end = text.indexOf('\n', position);
    position = end < 0 ? text.length() : end;
  }

  /** Of the position, which only moves on. */
  private Mark mark() {
    for (; counted < position && counted < text.length(); counted++) {
      if (text.charAt(counted) == '\n') {
        line++;
        lineStart = counted + 1;
      } else if (Character.isLowSurrogate(text.charAt(counted))) {
        // Its character is counted already.
        lineStart++;
      }
    }
    return new Mark(line, counted - lineStart + 1);
  }

  private InputException error(String allowed) {
    int end = Math.min(text.length(), position + 30);
    Mark mark = mark();
    String rest = text.substring(Math.min(position, text.length()), end);
    return InputError.of("holds ", Shown.given(rest.lines().findFirst().orElse("")))
        .kind(ErrorKind.MALFORMED)
        .at(Place.of(name, mark.line(), mark.column()))
        .allowed(allowed)
        .refusal();
  }
}
