package dev.vramcast.sweep.spec;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.value.ValueKind;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The values of a key as they stand in a spec: one, a list of them, or a range. Of a key that takes
 * a list anyway, a list of lists is a list of values.
 *
 * @param source names the file in messages
 */
record ValueNode(JobKey key, Node node, String source) {

  /** More values than anybody writes down. */
  private static final int MOST = 1_000;

  private static final Set<String> RANGE = Set.of("from", "to", "step", "times");

  /** The values before they are checked. */
  List<Node> alternatives() {
    if (key == JobKey.LENGTHS || key == JobKey.MODEL_CONFIG) {
      return List.of(node);
    }
    if (node instanceof Node.Fields range) {
      return range(range);
    }
    if (node instanceof Node.Items list && (!key.kind().isList() || holdsLists(list))) {
      return checked(list);
    }
    return List.of(node);
  }

  private static boolean holdsLists(Node.Items list) {
    return list.items().stream().anyMatch(Node.Items.class::isInstance);
  }

  private List<Node> checked(Node.Items list) {
    if (list.items().isEmpty() || list.items().size() > MOST) {
      throw about(list)
          .and(" has ", list.items().size(), " values")
          .allowed("1 to ", MOST)
          .refusal();
    }
    List<Object> seen = new ArrayList<>();
    for (Node item : list.items()) {
      if (seen.contains(item.value())) {
        throw about(item).has(item.value()).and(" twice").refusal();
      }
      seen.add(item.value());
    }
    return list.items();
  }

  private List<Node> range(Node.Fields range) {
    boolean number =
        key.kind() instanceof ValueKind.Whole || key.kind() instanceof ValueKind.Decimal;
    boolean byTimes = range.fields().containsKey("times");
    boolean known =
        RANGE.containsAll(range.fields().keySet())
            && range.fields().size() == 3
            && byTimes != range.fields().containsKey("step");
    if (!number || !known) {
      throw about(range)
          .and(" holds an object")
          .allowed(
              key.kind().allowed(),
              number
                  ? ", a list of them, or a range as {from: 1024, to: 8192, times: 2}"
                      + " or {from: 1, to: 9, step: 2}"
                  : ", or a list of them")
          .refusal();
    }
    return values(range, byTimes);
  }

  private List<Node> values(Node.Fields range, boolean byTimes) {
    BigDecimal from = number(range, "from");
    BigDecimal to = number(range, "to");
    BigDecimal by = number(range, byTimes ? "times" : "step");
    boolean grows =
        byTimes ? by.compareTo(BigDecimal.ONE) > 0 && from.signum() > 0 : by.signum() > 0;
    if (!grows || from.compareTo(to) > 0) {
      throw about(range)
          .and(" has a range that does not rise")
          .allowed("from up to to, a step above 0, times above 1")
          .refusal();
    }
    List<Node> values = new ArrayList<>();
    BigDecimal value = from;
    while (value.compareTo(to) <= 0) {
      if (values.size() == MOST) {
        throw about(range).and(" has a range of more than ", MOST, " values").refusal();
      }
      values.add(new Node.Scalar(value, range.mark()));
      value = byTimes ? value.multiply(by, MathContext.DECIMAL64) : value.add(by);
    }
    return values;
  }

  private BigDecimal number(Node.Fields range, String name) {
    Node field = range.fields().get(name);
    if (field != null
        && field.value() instanceof BigDecimal value
        && value.abs().compareTo(BigDecimal.valueOf(1, -18)) <= 0) {
      return value;
    }
    throw about(field == null ? range : field)
        .and(" ", name)
        .is(field == null ? "" : field.value())
        .allowed("a number")
        .refusal();
  }

  private InputError about(Node at) {
    return InputError.about(key).at(at.place(source));
  }
}
