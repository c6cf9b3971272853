package dev.vramcast.formats.python.module;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts source into names and signs, each with its offsets; texts are none of them. */
final class SourcePieces {

  private static final int DEEPEST = 200;

  private static final Pattern PIECE =
      Pattern.compile(
          "(?<blank>[ \\t\\r\\f]+|\\\\\\n)|(?<line>\\n)|(?<comment>#[^\\n]*)"
              + "|(?<quote>(?<prefix>[rRbBuUfF]{0,2})(?:'''|\"\"\"|'|\"))"
              + "|(?<name>[A-Za-z_]\\w*)|(?<number>\\d[\\w.]*)"
              + "|(?<sign>==|!=|<=|>=|:=|->|\\*\\*=?|//=?|[-+*/%&|^]=|(?s:.))");

  /** What an f-string puts in. */
  private static final Pattern PUT = Pattern.compile("\\{\\{|\\{([^{}]{1,400})\\}");

  private static final Pattern PUT_NAME =
      Pattern.compile("(?<![\\w.'\"])[A-Za-z_]\\w*(?!\\w*['\"])");

  private final String text;
  private final List<Piece> pieces = new ArrayList<>();
  private int depth;
  private int indent;
  private boolean begins = true;

  private SourcePieces(String text) {
    this.text = text;
  }

  /**
   * A name or a sign.
   *
   * @param text what it says; empty at the end of a statement; {@code op=} for {@code +=}
   * @param depth how many brackets are open around it
   * @param indent how far its statement is indented
   * @param put whether an f-string puts it in
   */
  record Piece(
      String text, int start, int end, int depth, int indent, boolean isName, boolean put) {

    boolean is(String other) {
      return text.equals(other);
    }

    boolean ends() {
      return text.isEmpty();
    }
  }

  static List<Piece> of(String text) {
    SourcePieces cut = new SourcePieces(text);
    Matcher next = PIECE.matcher(text);
    int at = 0;
    while (at < text.length() && next.region(at, text.length()).lookingAt()) {
      at = cut.take(next);
    }
    cut.end(text.length());
    return cut.pieces;
  }

  private int take(Matcher next) {
    int end = next.end();
    if (next.group("blank") != null || next.group("comment") != null) {
      return end;
    }
    if (next.group("line") != null) {
      if (depth == 0) {
        end(next.start());
      }
      return end;
    }
    if (begins) {
      indent = next.start() - (text.lastIndexOf('\n', next.start() - 1) + 1);
      begins = false;
    }
    if (next.group("quote") != null) {
      return quoted(next);
    }
    String sign = next.group("sign");
    if (sign == null) {
      boolean name = next.group("name") != null;
      add(name ? next.group() : "0", next.start(), end, name, false);
    } else if (sign.equals(";") && depth == 0) {
      int before = indent;
      end(next.start());
      indent = before;
      begins = false;
    } else {
      depth -= ")]}".contains(sign) ? Math.min(1, depth) : 0;
      boolean changes = sign.length() > 1 && sign.endsWith("=") && "+-*/%&|^".contains(first(sign));
      add(changes ? "op=" : sign, next.start(), end, false, false);
      depth = Math.min(DEEPEST, depth + ("([{".contains(sign) ? 1 : 0));
    }
    return end;
  }

  private static String first(String sign) {
    return sign.substring(0, 1);
  }

  private int quoted(Matcher next) {
    int quote = next.start() + next.group("prefix").length();
    int end = ModuleParts.end(text, quote);
    add("\"", next.start(), end, false, false);
    if (next.group("prefix").toLowerCase(Locale.ROOT).contains("f")) {
      Matcher put = PUT.matcher(text).region(quote, end);
      while (put.find()) {
        if (put.group(1) != null) {
          names(put.start(1), put.end(1));
        }
      }
    }
    return end;
  }

  private void names(int start, int end) {
    int format = text.substring(start, end).indexOf(':');
    int last = format >= 0 && text.charAt(start) != '(' ? start + format : end;
    Matcher name = PUT_NAME.matcher(text).region(start, last).useTransparentBounds(true);
    while (name.find()) {
      add(name.group(), name.start(), name.end(), true, true);
      attributes(name.end(), last);
    }
  }

  private void attributes(int at, int last) {
    int from = at;
    while (from + 1 < last && text.charAt(from) == '.') {
      int end = from + 1;
      while (end < last && Character.isJavaIdentifierPart(text.charAt(end))) {
        end++;
      }
      add(".", from, from + 1, false, true);
      add(text.substring(from + 1, end), from + 1, end, end > from + 1, true);
      from = end;
    }
  }

  private void add(String piece, int start, int end, boolean name, boolean put) {
    pieces.add(new Piece(piece.isEmpty() ? "0" : piece, start, end, depth, indent, name, put));
  }

  private void end(int at) {
    pieces.add(new Piece("", at, at, 0, indent, false, false));
    begins = true;
  }
}
