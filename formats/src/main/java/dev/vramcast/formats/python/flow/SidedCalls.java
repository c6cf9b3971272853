package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.handed.HandedValues.Filled;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Quantisers and adapters that a program makes under a condition, and has None in place of where
 * that does not hold.
 */
public final class SidedCalls {

  /** Among the arguments of such a call: what it is made under. */
  public static final String CONDITION = "?";

  private static final Pattern MADE =
      Pattern.compile("(?s)<(?:\\w+ \\. )*+(?:BitsAndBytesConfig|LoraConfig) .*");

  /** Arguments of which None says that there is none. */
  public static final Set<String> GIVEN = Set.of("quantization_config", "peft_config");

  /** What puts adapters into a model. */
  static final String ADAPTS = "get_peft_model";

  private static final String NOT = "not ";

  private static final Pattern MAKES =
      Pattern.compile("(?:\\w+\\.)*+(?:BitsAndBytesConfig|LoraConfig)");

  private SidedCalls() {}

  /** Among the arguments of a call: what it is given another argument under, or None. */
  public static String under(String argument) {
    return argument + CONDITION;
  }

  /** Whether it makes such an object. */
  public static boolean isOne(String call) {
    return MAKES.matcher(call).matches();
  }

  /** What a name has that is given such an object under a condition, and None otherwise. */
  static Node made(Node value, String condition) {
    return isMade(value)
        ? new Node.Scalar(new Choice(String.valueOf(value.value()), condition), value.mark())
        : value;
  }

  /** Whether a value is a call that makes such an object. */
  static boolean isMade(Node value) {
    return value.value() instanceof String text && MADE.matcher(text).matches();
  }

  /** The condition of what {@link #made} has; empty for any other value. */
  public static Optional<Node> condition(Node value) {
    return Optional.ofNullable(value.value())
        .filter(Choice.class::isInstance)
        .map(Choice.class::cast)
        .filter(choice -> MADE.matcher(String.valueOf(choice.value())).matches())
        .map(choice -> new Node.Scalar("<" + choice.condition() + ">", value.mark()));
  }

  /** The opposite of a condition. */
  public static Node not(Node condition) {
    if (condition.value() instanceof Choice choice && choice.value() instanceof Boolean holds) {
      return new Node.Scalar(new Choice(!holds, choice.condition()), condition.mark());
    }
    String text = shown(condition);
    boolean negated = text.startsWith(NOT);
    String opposite = negated ? text.substring(NOT.length()) : NOT + text;
    return new Node.Scalar("<" + opposite + ">", condition.mark());
  }

  /**
   * The calls without those that are not made by what functions are handed. Of the others an open
   * condition stays, as text or as a choice.
   */
  public static Filled settled(Filled filled) {
    List<Call> left = new ArrayList<>();
    List<Call> kept = new ArrayList<>();
    for (Call call : filled.calls()) {
      Optional<Node> condition = Optional.ofNullable(call.arguments().get(CONDITION));
      Optional<Boolean> holds = condition.flatMap(SidedCalls::truth);
      if (holds.isPresent() && !holds.get()) {
        Optional.of(call).filter(made -> isOne(made.name())).ifPresent(left::add);
      } else if (holds.isPresent() && condition.filter(SidedCalls::isAssumed).isEmpty()) {
        kept.add(without(call));
      } else {
        kept.add(call);
      }
    }
    kept.forEach(
        call -> {
          call.arguments().replaceAll((name, node) -> given(node, left));
          GIVEN.forEach(name -> decide(call.arguments(), name));
        });
    return new Filled(kept, filled.assumed());
  }

  /** An argument that is given, or None, where its condition is known by now. */
  private static void decide(Map<String, Node> arguments, String name) {
    Optional<Node> condition = Optional.ofNullable(arguments.get(under(name)));
    Optional<Boolean> holds = condition.flatMap(SidedCalls::truth);
    if (holds.isPresent() && condition.filter(SidedCalls::isAssumed).isEmpty()) {
      arguments.remove(under(name));
      arguments.computeIfPresent(
          name, (key, node) -> holds.get() ? node : new Node.Scalar(null, node.mark()));
    }
  }

  private static boolean isAssumed(Node condition) {
    return condition.value() instanceof Choice;
  }

  /** What a condition comes to that functions are handed; empty where it stays open. */
  private static Optional<Boolean> truth(Node condition) {
    Object value = Choice.taken(condition);
    return value == null
        ? Optional.of(false)
        : value instanceof BigDecimal number
            ? Optional.of(number.signum() != 0)
            : value instanceof Boolean holds ? Optional.of(holds) : Optional.empty();
  }

  private static Call without(Call call) {
    Map<String, Node> arguments = new LinkedHashMap<>(call.arguments());
    arguments.remove(CONDITION);
    return call.with(arguments);
  }

  /** None in place of an object that is not made. */
  private static Node given(Node node, List<Call> left) {
    boolean none =
        Choice.text(node)
            .filter(
                text ->
                    left.stream()
                        .anyMatch(
                            call ->
                                text.equals(call.assigned())
                                    || text.startsWith("<" + call.name() + " (")))
            .isPresent();
    return none ? new Node.Scalar(null, node.mark()) : node;
  }

  /** An open condition, as the program has it. */
  public static String shown(Node condition) {
    return condition.value() instanceof Choice choice
        ? choice.condition()
        : String.valueOf(condition.value()).replaceAll("^<|>$", "").strip();
  }
}
