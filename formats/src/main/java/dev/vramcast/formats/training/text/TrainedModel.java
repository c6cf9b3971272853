package dev.vramcast.formats.training.text;

import dev.vramcast.formats.python.PythonCalls.Call;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Of several models that a program loads the one that it trains: a teacher or a judge may be loaded
 * before it.
 */
final class TrainedModel {

  /** What is told which model is trained, the surest first. */
  private static final List<Pattern> TOLD =
      List.of(
          Pattern.compile("(?:\\w+\\.)*get_peft_model"),
          Pattern.compile("(?:\\w+\\.)*\\w*Trainer"));

  /** What gives back the model that it is called on. */
  private static final Pattern ITSELF = Pattern.compile("to|cuda|half|bfloat16|float|train|eval");

  private static final String OWN = "self.";

  private final List<Call> calls;
  private final Predicate<Call> loads;

  private TrainedModel(List<Call> calls, Predicate<Call> loads) {
    this.calls = calls;
    this.loads = loads;
  }

  /**
   * The calls without those that load another model.
   *
   * @param loads whether a call loads a model
   */
  static List<Call> only(List<Call> calls, Predicate<Call> loads) {
    return new TrainedModel(calls, loads).kept();
  }

  private List<Call> kept() {
    if (calls.stream().anyMatch(TrainedModel::loadsItself)) {
      return calls.stream().filter(call -> !loads.test(call)).toList();
    }
    List<Call> models = calls.stream().filter(loads).toList();
    if (models.stream().map(call -> call.assigned() + ' ' + call.function()).distinct().count()
        < 2) {
      return calls;
    }
    return TOLD.stream()
        .flatMap(told -> given(told).stream())
        .findFirst()
        .map(own -> calls.stream().filter(call -> !loads.test(call) || own.contains(call)).toList())
        .orElse(calls);
  }

  /** A trainer that is given a name loads the model of that name. */
  private static boolean loadsItself(Call call) {
    Node model = call.arguments().getOrDefault("model", call.arguments().get("0"));
    return call.name().endsWith("Trainer")
        && model != null
        && model.value() instanceof String text
        && !text.startsWith("<")
        && !text.equals(call.model());
  }

  /** What loads the model that such a call is given. */
  private Optional<List<Call>> given(Pattern told) {
    return IntStream.range(0, calls.size())
        .filter(i -> told.matcher(calls.get(i).name()).matches())
        .mapToObj(i -> loaded(i, calls.get(i).model()))
        .filter(found -> !found.isEmpty())
        .findFirst();
  }

  /** Through calls that give a model back: {@code model = prepare(base)}. */
  private List<Call> loaded(int before, String model) {
    String name = model;
    for (int i = before - 1; i >= 0 && !name.isEmpty(); i--) {
      Call call = calls.get(i);
      if (call.assigned().equals(name) && loads.test(call)) {
        return loadedAs(name);
      }
      if (call.assigned().equals(name) && !isItself(call, name)) {
        List<Call> inside = inside(call);
        if (!inside.isEmpty()) {
          return inside;
        }
        name = call.model();
      }
    }
    return List.of();
  }

  private List<Call> loadedAs(String name) {
    return calls.stream().filter(call -> loads.test(call) && call.assigned().equals(name)).toList();
  }

  /** What a function of the program loads that is called. */
  private List<Call> inside(Call made) {
    String function =
        made.name().startsWith(OWN) ? made.name().substring(OWN.length()) : made.name();
    return calls.stream()
        .filter(call -> loads.test(call) && call.function().equals(function))
        .toList();
  }

  private static boolean isItself(Call call, String name) {
    return call.name().startsWith(name + '.')
        && ITSELF.matcher(call.name().substring(name.length() + 1)).matches();
  }
}
