package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What makes objects of a program's classes: the {@code __init__} that is written out, or else the
 * one that a dataclass gets, which takes its fields in their order, those of its bases first.
 */
final class Makers {

  /** Decorators that write {@code __init__} of the fields of a class. */
  private static final Pattern OF_FIELDS =
      Pattern.compile("(?:@[\\w.]*(?:dataclass|define|frozen|mutable|attrs|attr\\.s)\\b.*)+");

  /** What an object may be made from that gives it no field. */
  private static final Set<String> PLAIN = Set.of("object", "ABC", "Generic", "Protocol");

  /** What leaves a value as it is, {@code self.rank = int(rank)}. */
  private static final Set<String> CASTS = Set.of("int", "float", "str", "bool");

  private final Statements statements;
  private final List<Token> tokens;
  private final int[] closing;
  private final Map<String, Maker> makers = new HashMap<>();

  /** Classes of which each field is a parameter. */
  private final Set<String> ofFields = new HashSet<>();

  Makers(Statements statements, int[] closing, Map<String, DeclaredClass> classes) {
    this.statements = statements;
    this.tokens = statements.tokens();
    this.closing = closing;
    classes.values().forEach(declared -> makers.put(declared.name(), maker(declared)));
  }

  Optional<Maker> of(String name) {
    return Optional.ofNullable(makers.get(name));
  }

  /**
   * The fields of an object, those among them that have no default and are given.
   *
   * @param fields of its class that have one
   * @param given by the names of fields
   */
  Map<String, Node> fields(String name, Map<String, Node> fields, Map<String, Node> given) {
    Map<String, Node> all = new LinkedHashMap<>(fields);
    if (ofFields.contains(name)) {
      of(name).map(Maker::places).orElse(List.of()).stream()
          .filter(given::containsKey)
          .forEach(field -> all.computeIfAbsent(field, given::get));
    }
    return all;
  }

  private Maker maker(DeclaredClass declared) {
    List<Integer> body = declared.body(statements);
    for (int at : body) {
      if (statements.function(at).equals(Optional.of("__init__"))) {
        return written(at);
      }
    }
    String decorator = declared.decorator();
    boolean tuple = declared.bases().equals(List.of("NamedTuple"));
    boolean fields = tuple || OF_FIELDS.matcher(decorator).matches();
    if (fields && !decorator.contains("init=False")) {
      ofFields.add(declared.name());
      return ofFields(declared, body, tuple || !decorator.contains("kw_only=True"));
    }
    List<String> bases = declared.bases().stream().filter(base -> !PLAIN.contains(base)).toList();
    if (!decorator.isEmpty() || bases.size() > 1) {
      return Maker.of(List.of(), false);
    }
    return bases.isEmpty()
        ? Maker.of(List.of(), true)
        : makers.getOrDefault(bases.get(0), Maker.of(List.of(), false));
  }

  private Maker ofFields(DeclaredClass declared, List<Integer> body, boolean placed) {
    Set<String> places = new LinkedHashSet<>();
    boolean known = true;
    for (String base : declared.bases()) {
      if (!PLAIN.contains(base) && !base.equals("NamedTuple")) {
        Maker inherited = makers.get(base);
        known &= inherited != null && inherited.known() && inherited.named();
        places.addAll(inherited == null ? List.of() : inherited.places());
      }
    }
    boolean byPlace = placed;
    for (int at : body) {
      List<Token> line = tokens.subList(at, statements.lineEnd(at));
      String said = Token.joined(line, "");
      if (!statements.isField(at) || line.size() < 3) {
        continue;
      }
      String name = line.get(0).text();
      byPlace &= !said.matches(".*:(?:\\w+\\.)?KW_ONLY");
      if (said.contains("init=False") || said.contains("kw_only=True")) {
        places.remove(name);
      } else if (byPlace && !said.matches("\\w+:(?:\\w+\\.)?(?:ClassVar|KW_ONLY)\\b.*")) {
        places.add(name);
      }
    }
    return Maker.of(List.copyOf(places), known);
  }

  /** One that a class writes out. */
  private Maker written(int def) {
    int open = tokens.get(def).text().equals("async") ? def + 3 : def + 2;
    if (open >= tokens.size() || !tokens.get(open).is("(")) {
      return Maker.of(List.of(), false);
    }
    List<String> places = new ArrayList<>();
    Set<String> parameters = new HashSet<>();
    boolean byPlace = true;
    boolean known = true;
    boolean any = false;
    boolean self = true;
    for (int at = open + 1; at < closing[open]; ) {
      Token first = tokens.get(at);
      int end = Statements.expressionEnd(tokens, closing, at);
      any |= first.is("**");
      known &= !first.is("*") || end == at + 1;
      byPlace &= !first.is("*");
      if (first.kind() == Kind.NAME && !self) {
        parameters.add(first.text());
        places.addAll(byPlace ? List.of(first.text()) : List.of());
      }
      self = false;
      at = end + 1;
    }
    if (any) {
      return Maker.of(places, known);
    }
    Map<String, String> fields = new HashMap<>();
    Set<String> plain = new HashSet<>();
    parts(closing[open], statements.behind(def), parameters, fields, plain);
    return new Maker(places, known, false, fields, plain);
  }

  /** {@code self.rank = r}, of which the field is plainly the parameter. */
  private void parts(
      int start, int end, Set<String> parameters, Map<String, String> fields, Set<String> plain) {
    for (int i = start; i + 4 < end; i++) {
      boolean part =
          statements.isStart(i)
              && tokens.get(i).text().equals("self")
              && tokens.get(i + 1).is(".")
              && tokens.get(i + 3).is("=");
      int stop = part ? Math.min(end, statements.lineEnd(i)) : i;
      boolean cast = stop == i + 8 && CASTS.contains(tokens.get(i + 4).text());
      for (int at = i + 4; at < stop; at++) {
        String name = tokens.get(at).text();
        if (tokens.get(at).kind() == Kind.NAME && parameters.contains(name)) {
          boolean alone = stop == i + 5 || cast && at == i + 6;
          boolean first = fields.putIfAbsent(name, tokens.get(i + 2).text()) == null;
          if (alone && first) {
            plain.add(name);
          } else {
            plain.remove(name);
          }
        }
      }
    }
  }
}
