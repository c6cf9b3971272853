package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.module.Token;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What stands in classes of a program; each class is looked through once. */
final class Methods {

  /** Classes, and bases of one, that are looked through for a method. */
  private static final int MOST_BASES = 50;

  private final Statements statements;
  private final Map<String, DeclaredClass> classes;

  /** Classes by their first tokens. */
  private final NavigableMap<Integer, DeclaredClass> places = new TreeMap<>();

  /** By classes, the names of functions in them. */
  private final Map<String, Set<String>> functions = new HashMap<>();

  /** By classes, where their statements begin, and whether it is a maker that takes any name. */
  private final Map<String, NavigableMap<Integer, Boolean>> bodies = new HashMap<>();

  Methods(Statements statements, Map<String, DeclaredClass> classes) {
    this.statements = statements;
    this.classes = classes;
    classes.values().forEach(declared -> places.put(declared.start(), declared));
  }

  /** The class that a place is in. */
  Optional<DeclaredClass> around(int at) {
    return Optional.ofNullable(places.lowerEntry(at))
        .map(Map.Entry::getValue)
        .filter(declared -> at < declared.end());
  }

  /** Whether a place of a class is in an {@code __init__} that is given any name. */
  boolean isMaker(DeclaredClass declared, int at) {
    return Optional.ofNullable(
            bodies.computeIfAbsent(declared.name(), name -> body(declared)).lowerEntry(at))
        .filter(Map.Entry::getValue)
        .isPresent();
  }

  private NavigableMap<Integer, Boolean> body(DeclaredClass declared) {
    NavigableMap<Integer, Boolean> body = new TreeMap<>();
    for (int def : declared.body(statements)) {
      boolean maker = statements.function(def).filter("__init__"::equals).isPresent();
      int head = maker ? statements.lineEnd(def) : def;
      body.put(
          def, statements.tokens().subList(def, head).stream().anyMatch(token -> token.is("**")));
    }
    return body;
  }

  /** Whether a class, or what it is made from, has a function of a name. */
  boolean declares(String declared, String method) {
    return declares(declared, method, new HashSet<>());
  }

  /** More classes than any program has on the way to a method are not looked through. */
  private boolean declares(String declared, String method, Set<String> seen) {
    DeclaredClass own = classes.get(declared);
    if (own == null || seen.size() >= MOST_BASES || !seen.add(declared)) {
      return false;
    }
    return functions.computeIfAbsent(declared, name -> functions(own)).contains(method)
        || own.bases().stream()
            .limit(MOST_BASES)
            .filter(base -> classes.containsKey(base) && classes.get(base).start() < own.start())
            .anyMatch(base -> declares(base, method, seen));
  }

  private Set<String> functions(DeclaredClass declared) {
    Set<String> names = new HashSet<>();
    for (int i = declared.start(); i + 1 < declared.end(); i++) {
      Token name = statements.tokens().get(i + 1);
      names.addAll(
          statements.tokens().get(i).text().equals("def") ? Set.of(name.text()) : Set.of());
    }
    return names;
  }
}
