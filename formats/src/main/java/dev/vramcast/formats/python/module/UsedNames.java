package dev.vramcast.formats.python.module;

import dev.vramcast.formats.python.module.SourcePieces.Piece;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where source uses names that are not its functions' own: no attributes, no parameters, no names
 * of arguments, nothing in a text but what an f-string puts in, and nothing in an import.
 */
public final class UsedNames {

  /** A name with what stands behind dots after it: the offsets of each, and what they say. */
  private record Use(int start, List<Integer> ends, List<String> names) {}

  /** Names that a function, or a class, gives a meaning inside of itself. */
  private record Scope(int indent, boolean function, Set<String> names) {}

  private final String text;
  private final List<Piece> pieces;
  private final List<Use> uses = new ArrayList<>();
  private final Set<String> words = new LinkedHashSet<>();
  private final List<Scope> scopes = new ArrayList<>();

  private UsedNames(String text) {
    this.text = text;
    this.pieces = SourcePieces.of(text);
  }

  /** Those of a statement, with all that stands in it. */
  public static UsedNames of(String text) {
    UsedNames used = new UsedNames(text);
    int start = 0;
    for (int i = 0; i < used.pieces.size(); i++) {
      if (used.pieces.get(i).ends()) {
        used.statement(start, i);
        start = i + 1;
      }
    }
    return used;
  }

  /** Names with what is behind their dots: {@code cfg.lora.rank} is three of them. */
  public Set<String> dotted() {
    Set<String> all = new LinkedHashSet<>();
    for (Use use : uses) {
      StringBuilder dotted = new StringBuilder();
      for (String name : use.names()) {
        all.add(dotted.append(dotted.isEmpty() ? "" : ".").append(name).toString());
      }
    }
    return all;
  }

  /** All names but attributes and those of arguments: also those that functions have inside. */
  public Set<String> words() {
    return words;
  }

  /**
   * The source with other names.
   *
   * @param names by {@link #dotted} names; the longest counts
   */
  public String with(Map<String, String> names) {
    if (names.isEmpty()) {
      return text;
    }
    StringBuilder all = new StringBuilder();
    int from = 0;
    for (Use use : uses) {
      StringBuilder dotted = new StringBuilder();
      String other = null;
      int end = use.start();
      for (int i = 0; i < use.names().size(); i++) {
        String name = names.get(dotted.append(i == 0 ? "" : ".").append(use.names().get(i)) + "");
        other = name == null ? other : name;
        end = name == null ? end : use.ends().get(i);
      }
      if (other != null && use.start() >= from) {
        all.append(text, from, use.start()).append(other);
        from = end;
      }
    }
    return all.append(text, from, text.length()).toString();
  }

  private void statement(int start, int end) {
    if (start >= end) {
      return;
    }
    int indent = pieces.get(start).indent();
    while (!scopes.isEmpty() && scopes.get(scopes.size() - 1).indent() >= indent) {
      scopes.remove(scopes.size() - 1);
    }
    String first = pieces.get(start).text();
    if (first.equals("import") || first.equals("from")) {
      return;
    }
    boolean async = first.equals("async") && start + 1 < end;
    boolean function = (async ? pieces.get(start + 1).text() : first).equals("def");
    Set<String> given = Targets.of(pieces, start, end);
    boolean inClass = !scopes.isEmpty() && !scopes.get(scopes.size() - 1).function();
    for (int i = start; i < end; i++) {
      Piece piece = pieces.get(i);
      if (piece.isName() && !before(i, start).equals(".")) {
        if (!isArgument(i, end)) {
          words.add(piece.text());
        }
        boolean target = inClass && i == start && given.contains(piece.text());
        boolean parameter = function && Targets.isParameter(pieces, i, start);
        if (!target && !parameter && isUse(i, start, end)) {
          uses.add(use(i, end));
        }
      }
    }
    if (inClass) {
      scopes.get(scopes.size() - 1).names().addAll(given);
    }
    if (function) {
      scopes.add(new Scope(indent, true, Targets.inside(pieces, start, end)));
    } else if (first.equals("class")) {
      scopes.add(new Scope(indent, false, new LinkedHashSet<>()));
    }
  }

  private String before(int i, int start) {
    return i > start ? pieces.get(i - 1).text() : "";
  }

  private boolean isUse(int i, int start, int end) {
    String before = before(i, start);
    boolean defined = before.equals("def") || before.equals("class");
    return !isArgument(i, end) && !(defined && !scopes.isEmpty()) && !isLocal(pieces.get(i).text());
  }

  /** {@code r} of {@code LoraConfig(r=8)}. */
  private boolean isArgument(int i, int end) {
    Piece piece = pieces.get(i);
    return piece.depth() > 0 && !piece.put() && i + 1 < end && pieces.get(i + 1).is("=");
  }

  private boolean isLocal(String name) {
    for (int i = scopes.size() - 1; i >= 0; i--) {
      boolean seen = scopes.get(i).function() || i == scopes.size() - 1;
      if (seen && scopes.get(i).names().contains(name)) {
        return true;
      }
    }
    return false;
  }

  private Use use(int i, int end) {
    List<Integer> ends = new ArrayList<>(List.of(pieces.get(i).end()));
    List<String> names = new ArrayList<>(List.of(pieces.get(i).text()));
    int at = i;
    while (at + 2 < end
        && pieces.get(at + 1).is(".")
        && pieces.get(at + 2).isName()
        && pieces.get(at + 2).start() == pieces.get(at).end() + 1) {
      at += 2;
      ends.add(pieces.get(at).end());
      names.add(pieces.get(at).text());
    }
    return new Use(pieces.get(i).start(), ends, names);
  }
}
