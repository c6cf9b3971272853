package dev.vramcast.formats.python.module;

import dev.vramcast.formats.python.module.SourcePieces.Piece;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names that statements give a meaning. */
final class Targets {

  /** What has a colon before what it does. */
  private static final Set<String> BLOCKS =
      Set.of("if", "elif", "else", "for", "while", "with", "try", "except", "finally", "async");

  private Targets() {}

  /** Those that a statement gives values; none of an import. */
  static Set<String> of(List<Piece> pieces, int start, int end) {
    Set<String> names = new HashSet<>();
    String first = pieces.get(start).text();
    if (first.equals("import") || first.equals("from")) {
      return names;
    }
    int begin = start;
    boolean loop = false;
    for (int i = start; i < end; i++) {
      Piece piece = pieces.get(i);
      boolean flat = piece.depth() == 0;
      if (flat && piece.is(":") && BLOCKS.contains(first)) {
        begin = i + 1;
      }
      loop = piece.is("for") || loop && !piece.is("in");
      String before = i > start ? pieces.get(i - 1).text() : "";
      boolean bound = loop || before.equals("as") || i + 1 < end && pieces.get(i + 1).is(":=");
      if (piece.isName() && bound && !before.equals(".") && !piece.is("for")) {
        names.add(piece.text());
      }
    }
    assigned(pieces, begin, end, names);
    return names;
  }

  private static void assigned(List<Piece> pieces, int begin, int end, Set<String> names) {
    int last = begin;
    for (int i = begin; i < end; i++) {
      Piece piece = pieces.get(i);
      boolean gives = piece.is("=") || piece.is(":") && i == begin + 1 || piece.is("op=");
      last = piece.depth() == 0 && gives ? i : last;
    }
    boolean annotated = false;
    for (int i = begin; i < last; i++) {
      Piece piece = pieces.get(i);
      annotated |= piece.depth() == 0 && piece.is(":");
      Piece next = pieces.get(i + 1);
      boolean more = next.is(".") || next.is("(") || next.is("[");
      boolean attribute = i > begin && pieces.get(i - 1).is(".");
      if (piece.isName() && !piece.put() && !annotated && !more && !attribute) {
        names.add(piece.text());
      }
    }
  }

  /** The parameters of a function and what its statements give values, but what is global. */
  static Set<String> inside(List<Piece> pieces, int start, int end) {
    Set<String> names = new HashSet<>();
    for (int i = start; i < end; i++) {
      if (isParameter(pieces, i, start)) {
        names.add(pieces.get(i).text());
      }
    }
    Set<String> global = new HashSet<>();
    int from = end + 1;
    for (int i = from; i < pieces.size(); i++) {
      if (!pieces.get(i).ends()) {
        continue;
      }
      if (i > from) {
        if (pieces.get(from).indent() <= pieces.get(start).indent()) {
          break;
        }
        statement(pieces, from, i, names, global);
      }
      from = i + 1;
    }
    names.removeAll(global);
    return names;
  }

  private static void statement(
      List<Piece> pieces, int from, int end, Set<String> names, Set<String> global) {
    Piece first = pieces.get(from);
    if (first.is("global")) {
      pieces.subList(from, end).stream().map(Piece::text).forEach(global::add);
    } else if ((first.is("def") || first.is("class")) && from + 1 < end) {
      names.add(pieces.get(from + 1).text());
    } else {
      names.addAll(of(pieces, from, end));
    }
  }

  /** Whether a name of the head of a function is one that it is handed something by. */
  static boolean isParameter(List<Piece> pieces, int i, int start) {
    Piece piece = pieces.get(i);
    if (!piece.isName() || piece.depth() != 1 || i <= start) {
      return false;
    }
    Piece before = pieces.get(i - 1);
    return before.is("(") || before.is(",") || before.is("*") || before.is("**");
  }
}
