package dev.vramcast.formats.python;

import dev.vramcast.formats.python.PythonCalls.Call;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What arguments of a program and fields of its classes are: their defaults, or what the program
 * itself gives them, before or behind what takes them.
 */
final class Defaults {

  /** An argument that is nothing unless somebody gives it. */
  private static final Node NOTHING = new Node.Scalar(null, Mark.NONE);

  private final Map<String, Node> constants;

  /** By its name what the program gives a field. */
  private final Map<String, Node> given = new HashMap<>();

  /** The same of an earlier reading, which holds for what stands before it too. */
  private final Map<String, Node> later;

  private final Map<String, Set<String>> fieldsOfClasses = new HashMap<>();
  private String inClass = "";
  private int classColumn = -1;

  Defaults(Map<String, Node> constants, Map<String, Node> later) {
    this.constants = constants;
    this.later = later;
    constants.keySet().forEach(this::keepClass);
  }

  /** A field of a class that another program defines. */
  private void keepClass(String name) {
    int dot = name.indexOf(Expression.FIELD);
    if (dot > 0) {
      fieldsOfClasses
          .computeIfAbsent(name.substring(0, dot), key -> new HashSet<>())
          .add(name.substring(dot + 1));
    }
  }

  Map<String, Node> given() {
    return given;
  }

  /** Keeps which class a statement stands in. */
  void statement(Token first, Token second) {
    boolean method = first.text().equals("def") || first.text().equals("async");
    if (first.column() <= classColumn || method) {
      inClass = "";
      classColumn = -1;
    }
    if (first.text().equals("class")) {
      inClass = second.text();
      classColumn = first.column();
    }
  }

  /** {@code rank: int = 8}, a field of a class or a name of its own. */
  void field(String name, Node value) {
    assigned(name, value);
    put(name, value);
  }

  /** {@code rank = 8}, which is a field where it stands in a class. */
  void assigned(String name, Node value) {
    if (!inClass.isEmpty()) {
      fieldsOfClasses.computeIfAbsent(inClass, key -> new HashSet<>()).add(name);
      constants.put(inClass + Expression.FIELD + name, value);
      put(name, value);
    }
  }

  /** {@code field(default=8)}, or nothing. */
  static Node described(Map<String, Node> arguments) {
    return arguments.getOrDefault("default", NOTHING);
  }

  /** What a call says of arguments and fields, where it does. */
  void call(Call call) {
    if (call.name().endsWith(".add_argument")) {
      option(call.arguments());
    }
    Set<String> fields = fieldsOfClasses.getOrDefault(call.name(), Set.of());
    call.arguments()
        .forEach(
            (name, value) -> {
              if (fields.contains(name)) {
                give(name, value);
              }
            });
  }

  /**
   * {@code config.rank = 16}, or a field of an instance; what differs from place to place is open.
   */
  void give(String name, Node value) {
    Node before = given.get(name);
    boolean same = before == null || Objects.equals(before.value(), value.value());
    given.put(name, same ? value : new Node.Scalar("<" + name + ">", value.mark()));
    put(name, value);
  }

  private void put(String name, Node value) {
    Node open = later.getOrDefault(name, value);
    constants.put(Expression.FIELD + name, given.getOrDefault(name, open));
  }

  /** What {@code parser.add_argument("-r", "--rank", default=8)} says. */
  private void option(Map<String, Node> arguments) {
    Node dest = arguments.get("dest");
    Stream.concat(
            Stream.ofNullable(dest),
            Stream.of("0", "1", "2").map(arguments::get).filter(Objects::nonNull))
        .map(Node::value)
        .filter(value -> value instanceof String text && text.matches("(?s)--.*|[A-Za-z_].*"))
        .map(String::valueOf)
        .filter(name -> dest != null || name.startsWith("--"))
        .findFirst()
        .ifPresent(
            name ->
                put(name.replaceFirst("^--", "").replace('-', '_'), defaultOf(name, arguments)));
  }

  private static Node defaultOf(String name, Map<String, Node> arguments) {
    Node stated = arguments.get("default");
    if (stated != null) {
      return stated;
    }
    Node required = arguments.get("required");
    if (required != null && Boolean.TRUE.equals(required.value())) {
      return new Node.Scalar("<" + name + ">", required.mark());
    }
    Node action = arguments.get("action");
    return action == null
        ? NOTHING
        : switch (String.valueOf(action.value())) {
          case "store_true" -> new Node.Scalar(false, action.mark());
          case "store_false" -> new Node.Scalar(true, action.mark());
          default -> NOTHING;
        };
  }
}
