package dev.vramcast.formats.python.handed;

import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The values that functions of a program are handed: where all calls of one agree in what a
 * parameter is, or leave it to its default, the calls inside it have that for its name.
 */
public final class HandedValues {

  /** How often a value may be handed on. */
  private static final int MOST_STEPS = 3;

  /** A name of which nothing else is known, of the function or of what makes its object. */
  private static final Pattern NAME =
      Pattern.compile("<(not )?(?:(\\w{1,99}\\.__init__) )?([A-Za-z_]\\w{0,99})>");

  /** Where a text puts one in. */
  private static final Pattern PART = Pattern.compile("\\$\\{([A-Za-z_]\\w{0,99})\\}");

  /** A part of an object, and no text. */
  private static final Pattern OBJECT = Pattern.compile("<.*|[a-z_]\\w*(?:\\.[a-z_]\\w*)+");

  /** What finds the layers to put adapters on, as the reader of adapters knows it. */
  private static final Pattern FOUND =
      Pattern.compile("<(?:\\w+ \\. )*find_(?:all_)?linear_(?:names|modules|layers) \\(.*");

  private static final int LONGEST_LIST = 100;

  private static final String INIT = "__init__";
  private static final String MAKER = "." + INIT;

  private static final Pattern SELF = Pattern.compile("^self\\.");

  private static final Pattern SPECIAL = Pattern.compile("__\\w+__");

  private final Map<String, FunctionHead> heads;
  private final Mentions mentions;

  /** Constants of the program that have one value alone, by their names. */
  private final Map<String, Node> settled;

  /** Calls by what they call, of each list of them. */
  private final IdentityHashMap<List<Call>, Map<String, List<Call>>> byName =
      new IdentityHashMap<>();

  private final List<Node> assumed = new ArrayList<>();

  /**
   * Calls with such values.
   *
   * @param assumed arguments that are a default of a function which nothing in the program calls:
   *     the name of the function, of its parameter and of the argument
   */
  public record Filled(List<Call> calls, List<Node> assumed) {}

  private HandedValues(List<Node.Scalar> lines, Map<String, Node> settled) {
    String text = ModuleLines.text(lines);
    this.settled = settled;
    this.heads = FunctionHead.in(text);
    Set<String> names = new HashSet<>(heads.keySet());
    Map<String, FunctionHead> makers = FunctionHead.makers(text);
    makers.forEach((made, head) -> heads.put(made + MAKER, head));
    names.addAll(makers.keySet());
    this.mentions = Mentions.in(lines, names);
  }

  /**
   * The calls with such values.
   *
   * @param lines of source that they stand in
   * @param settled constants that have one value alone, by their names
   */
  public static Filled in(List<Call> calls, List<Node.Scalar> lines, Map<String, Node> settled) {
    if (calls.stream().noneMatch(HandedValues::isOpen)) {
      return new Filled(calls, List.of());
    }
    HandedValues values = new HandedValues(lines, settled);
    List<Call> known = calls;
    for (int step = 0; step < MOST_STEPS; step++) {
      Map<String, Optional<Object>> found = new HashMap<>();
      List<Call> before = known;
      known = before.stream().map(call -> values.filled(call, before, found)).toList();
    }
    return new Filled(known.stream().map(HandedValues::left).toList(), List.copyOf(values.assumed));
  }

  /** What is not known of an object's maker is a part of the object still. */
  private static Call left(Call call) {
    call.arguments()
        .replaceAll(
            (key, node) ->
                owner(node, "").isEmpty()
                    ? node
                    : new Node.Scalar("<self." + name(node).orElse("") + ">", node.mark()));
    return call;
  }

  private static boolean isOpen(Call call) {
    return !call.function().isEmpty()
        && call.arguments().values().stream()
            .anyMatch(node -> name(node).isPresent() || hasParts(node));
  }

  /** Whether it is a text that names are put into. */
  private static boolean hasParts(Node node) {
    return Choice.text(node).filter(text -> PART.matcher(text).find()).isPresent();
  }

  private static Optional<String> name(Node node) {
    return Optional.of(NAME.matcher(String.valueOf(node.value())))
        .filter(matcher -> matcher.matches())
        .map(matcher -> matcher.group(3));
  }

  /** The function whose parameter it is: that of the call, or what made the object. */
  private static String owner(Node node, String function) {
    Matcher named = NAME.matcher(String.valueOf(node.value()));
    return named.matches() && named.group(2) != null ? named.group(2) : function;
  }

  /** A value where its name stands behind {@code not}, and is told from others by nothing else. */
  private static Optional<Object> negated(Node node, Object value) {
    Matcher named = NAME.matcher(String.valueOf(node.value()));
    return !named.matches() || named.group(1) == null
        ? Optional.of(value)
        : value == FunctionHead.NONE
            ? Optional.of(true)
            : value instanceof Boolean holds
                ? Optional.of(!holds)
                : value instanceof Choice choice && choice.value() instanceof Boolean holds
                    ? Optional.of(new Choice(!holds, choice.condition()))
                    : Optional.empty();
  }

  private Call filled(Call call, List<Call> all, Map<String, Optional<Object>> found) {
    if (!isOpen(call)) {
      return call;
    }
    Map<String, Node> arguments = new LinkedHashMap<>(call.arguments());
    arguments.replaceAll(
        (key, node) ->
            name(node)
                .<Node>flatMap(
                    parameter ->
                        filled(owner(node, call.function()), parameter, key, node, all, found))
                .orElseGet(() -> filledIn(call.function(), key, node, all, found)));
    return call.with(arguments);
  }

  private Optional<Node> filled(
      String function,
      String parameter,
      String argument,
      Node node,
      List<Call> all,
      Map<String, Optional<Object>> found) {
    Optional<Object> value =
        found.computeIfAbsent(function + ' ' + parameter, path -> value(function, parameter, all));
    value = value.flatMap(known -> negated(node, known));
    if (value.isPresent() && calls(function, all).isEmpty() && !mentions.isMapped(function)) {
      List<Node> names =
          Stream.of(function, parameter, argument)
              .<Node>map(name -> new Node.Scalar(name, node.mark()))
              .toList();
      assumed.add(new Node.Items(names, node.mark()));
    }
    return value.map(
        known ->
            known instanceof List<?> items
                ? new Node.Items(
                    items.stream().<Node>map(item -> new Node.Scalar(item, node.mark())).toList(),
                    node.mark())
                : new Node.Scalar(known == FunctionHead.NONE ? null : known, node.mark()));
  }

  /** A text with what is handed for the names that it puts in. */
  private Node filledIn(
      String function,
      String argument,
      Node node,
      List<Call> all,
      Map<String, Optional<Object>> found) {
    if (!hasParts(node)) {
      return node;
    }
    Matcher part = PART.matcher(Choice.text(node).orElse(""));
    StringBuilder text = new StringBuilder();
    Node from = node;
    while (part.find() && text.length() <= Bounds.LONGEST_TEXT) {
      Optional<Node> value = filled(function, part.group(1), argument, node, all, found);
      from = from.value() instanceof Choice ? from : value.orElse(from);
      String put =
          value.map(Choice::taken).flatMap(known -> Printed.of(known, "")).orElse(part.group());
      part.appendReplacement(text, "");
      text.append(put);
    }
    part.appendTail(text);
    return text.length() > Bounds.LONGEST_TEXT
        ? node
        : Choice.under(from, new Node.Scalar(text.toString(), node.mark()));
  }

  private Optional<Object> value(String function, String parameter, List<Call> all) {
    FunctionHead head = heads.get(function);
    int place = head == null ? -1 : head.place(parameter);
    Optional<String> called = called(function);
    if (head == null || place < 0 || called.isEmpty() || mentions.isHandedOn(called.get())) {
      return Optional.empty();
    }
    Optional<Object> otherwise =
        head.otherwise(parameter)
            .or(
                () ->
                    Optional.ofNullable(settled.get(head.written(parameter)))
                        .map(Node::value)
                        .filter(HandedValues::isKnown));
    Set<Optional<Object>> values = new HashSet<>();
    calls(function, all).forEach(call -> values.add(given(call, parameter, place, otherwise)));
    if (mentions.isMapped(function)) {
      values.add(place == 0 ? Optional.empty() : otherwise);
    }
    if (values.isEmpty()) {
      return mentions.handsAny() ? Optional.empty() : otherwise;
    }
    return values.size() == 1 ? values.iterator().next() : Optional.empty();
  }

  /** What a function is called by: that which makes an object by its class; empty for others. */
  private Optional<String> called(String function) {
    if (function.endsWith(MAKER)) {
      return Optional.of(function.substring(0, function.length() - MAKER.length()));
    }
    return function.equals(INIT)
        ? mentions.made()
        : Optional.of(function).filter(name -> !SPECIAL.matcher(name).matches());
  }

  private List<Call> calls(String function, List<Call> all) {
    return byName
        .computeIfAbsent(
            all,
            key ->
                key.stream()
                    .collect(
                        Collectors.groupingBy(call -> SELF.matcher(call.name()).replaceFirst(""))))
        .getOrDefault(called(function).orElse(""), List.of());
  }

  private static Optional<Object> given(
      Call call, String parameter, int place, Optional<Object> otherwise) {
    @Nullable Node node = call.arguments().get(parameter);
    if (node == null) {
      node = call.arguments().get(String.valueOf(place));
    }
    boolean unpacked = call.arguments().containsKey("**");
    if (node == null) {
      return unpacked ? Optional.empty() : otherwise;
    }
    Object value = node.isNull() ? FunctionHead.NONE : node.value();
    return Optional.ofNullable(value).filter(HandedValues::isKnown);
  }

  private static boolean isKnown(Object value) {
    return value == FunctionHead.NONE
        || value instanceof Number
        || value instanceof Choice choice && isKnown(choice.value())
        || value instanceof Boolean
        || value instanceof String text
            && (!OBJECT.matcher(text).matches()
                || FOUND.matcher(text).matches()
                || FunctionHead.DTYPE.matcher(text).matches())
        || value instanceof List<?> items
            && items.size() <= LONGEST_LIST
            && items.stream()
                .allMatch(item -> item instanceof String text && !text.startsWith("<"));
  }
}
