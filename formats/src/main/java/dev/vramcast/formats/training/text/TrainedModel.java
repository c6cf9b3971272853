package dev.vramcast.formats.training.text;

import dev.vramcast.formats.python.PythonCalls.Call;
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
      List.of(Pattern.compile("(?:\\w+\\.)*get_peft_model"), Pattern.compile("\\w*Trainer"));

  private TrainedModel() {}

  /**
   * The calls without those that load another model.
   *
   * @param loads whether a call loads a model
   */
  static List<Call> only(List<Call> calls, Predicate<Call> loads) {
    List<Call> models = calls.stream().filter(loads).toList();
    if (models.stream().map(Call::assigned).distinct().count() < 2) {
      return calls;
    }
    return TOLD.stream()
        .flatMap(told -> given(calls, told, loads).stream())
        .findFirst()
        .map(name -> calls.stream().filter(call -> !isOther(call, name, loads)).toList())
        .orElse(calls);
  }

  private static boolean isOther(Call call, String name, Predicate<Call> loads) {
    return loads.test(call) && !call.assigned().equals(name);
  }

  /** The name by which a model was loaded that such a call is given. */
  private static Optional<String> given(List<Call> calls, Pattern told, Predicate<Call> loads) {
    return IntStream.range(0, calls.size())
        .filter(i -> told.matcher(calls.get(i).name()).matches())
        .mapToObj(i -> loaded(calls.subList(0, i), calls.get(i).model(), loads))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Through calls that give a model back: {@code model = prepare(base)}. */
  private static Optional<String> loaded(List<Call> before, String model, Predicate<Call> loads) {
    String name = model;
    for (int i = before.size() - 1; i >= 0 && !name.isEmpty(); i--) {
      Call call = before.get(i);
      if (call.assigned().equals(name)) {
        if (loads.test(call)) {
          return Optional.of(name);
        }
        name = call.model();
      }
    }
    return Optional.empty();
  }
}
