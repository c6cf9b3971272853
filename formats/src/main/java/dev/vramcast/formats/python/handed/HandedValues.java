package dev.vramcast.formats.python.handed;

import dev.vramcast.formats.python.PythonCalls.Call;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values that functions of a program are handed: where all calls of one agree in what a
 * parameter is, or leave it to its default, the calls inside it have that for its name.
 */
public final class HandedValues {

  /** How often a value may be handed on. */
  private static final int MOST_STEPS = 3;

  /** A name of which nothing else is known. */
  private static final Pattern NAME = Pattern.compile("<([A-Za-z_]\\w{0,99})>");

  /** A part of an object, and no text. */
  private static final Pattern OBJECT = Pattern.compile("<.*|[a-z_]\\w*(?:\\.[a-z_]\\w*)+");

  /** What hands a function its arguments and is no call of it. */
  private static final Pattern ELSEWHERE =
      Pattern.compile("\\b(?:fn_kwargs\\s*=|partial\\s*\\(|fire\\.Fire\\b)");

  private final Map<String, FunctionHead> heads;
  private final boolean elsewhere;

  private HandedValues(List<Node.Scalar> lines) {
    String text =
        lines.stream().map(line -> String.valueOf(line.value())).collect(Collectors.joining("\n"));
    this.heads = FunctionHead.in(text);
    this.elsewhere = ELSEWHERE.matcher(text).find();
  }

  /**
   * The calls with such values.
   *
   * @param lines of source that they stand in
   */
  public static List<Call> in(List<Call> calls, List<Node.Scalar> lines) {
    if (calls.stream().noneMatch(HandedValues::isOpen)) {
      return calls;
    }
    HandedValues values = new HandedValues(lines);
    List<Call> known = calls;
    for (int step = 0; step < MOST_STEPS; step++) {
      Map<String, Optional<Object>> found = new HashMap<>();
      List<Call> before = known;
      known = before.stream().map(call -> values.filled(call, before, found)).toList();
    }
    return known;
  }

  private static boolean isOpen(Call call) {
    return !call.function().isEmpty()
        && call.arguments().values().stream().anyMatch(node -> name(node).isPresent());
  }

  private static Optional<String> name(Node node) {
    return Optional.of(NAME.matcher(String.valueOf(node.value())))
        .filter(matcher -> matcher.matches())
        .map(matcher -> matcher.group(1));
  }

  private Call filled(Call call, List<Call> all, Map<String, Optional<Object>> found) {
    if (!isOpen(call)) {
      return call;
    }
    Map<String, Node> arguments = new LinkedHashMap<>(call.arguments());
    arguments.replaceAll(
        (key, node) ->
            name(node)
                .flatMap(
                    parameter ->
                        found.computeIfAbsent(
                            call.function() + ' ' + parameter,
                            path -> value(call.function(), parameter, all)))
                .<Node>map(value -> new Node.Scalar(value, node.mark()))
                .orElse(node));
    return new Call(
        call.name(), arguments, call.line(), call.assigned(), call.model(), call.function());
  }

  private Optional<Object> value(String function, String parameter, List<Call> all) {
    FunctionHead head = heads.get(function);
    int place = head == null ? -1 : head.place(parameter);
    if (head == null || place < 0) {
      return Optional.empty();
    }
    Optional<Object> otherwise = head.otherwise(parameter);
    List<Optional<Object>> values = new ArrayList<>();
    for (Call call : all) {
      if (call.name().equals(function) || call.name().equals("self." + function)) {
        values.add(given(call, parameter, place, otherwise));
      }
    }
    if (values.isEmpty()) {
      return elsewhere ? Optional.empty() : otherwise;
    }
    return Set.copyOf(values).size() == 1 ? values.get(0) : Optional.empty();
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
    return Optional.ofNullable(node.value())
        .filter(
            value ->
                value instanceof Number
                    || value instanceof Boolean
                    || value instanceof String text && !OBJECT.matcher(text).matches());
  }
}
