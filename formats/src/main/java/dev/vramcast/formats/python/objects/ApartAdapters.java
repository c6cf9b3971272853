package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.handed.Call;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Adapters that a function puts on a model which it loads for itself, in a program whose trainers
 * are in other functions and are given models that those load: no trainer has them.
 */
public final class ApartAdapters {

  private static final String ADAPTS = "get_peft_model";

  private static final Pattern LOADS =
      Pattern.compile("(?:\\w+\\.)*(?:AutoModel\\w*|\\w+For\\w+)\\.from_pretrained");

  private ApartAdapters() {}

  /** The calls without those that make such adapters. */
  public static List<Call> left(List<Call> calls) {
    List<Call> trainers = calls.stream().filter(call -> call.name().endsWith("Trainer")).toList();
    boolean own = !trainers.isEmpty() && trainers.stream().allMatch(each -> loads(calls, each));
    if (!own) {
      return calls;
    }
    Set<String> train = trainers.stream().map(Call::function).collect(Collectors.toSet());
    Set<String> apart =
        calls.stream()
            .filter(call -> name(call).equals(ADAPTS) && !train.contains(call.function()))
            .filter(call -> loads(calls, call))
            .map(Call::function)
            .filter(function -> calls.stream().noneMatch(call -> isFor(call, function, train)))
            .collect(Collectors.toSet());
    return apart.isEmpty()
        ? calls
        : calls.stream().filter(call -> !apart.contains(call.function()) || !adapts(call)).toList();
  }

  /** Whether what trains has the function called. */
  private static boolean isFor(Call call, String function, Set<String> train) {
    return train.contains(call.function()) && name(call).equals(function);
  }

  private static boolean adapts(Call call) {
    return name(call).equals(ADAPTS) || call.name().endsWith("Config");
  }

  /** Whether the model that a call is given is loaded in the function that it stands in. */
  private static boolean loads(List<Call> calls, Call given) {
    return !given.function().isEmpty()
        && !given.model().isEmpty()
        && calls.stream()
            .filter(call -> call.function().equals(given.function()))
            .filter(call -> call.assigned().equals(given.model()))
            .anyMatch(call -> LOADS.matcher(call.name()).matches());
  }

  private static String name(Call call) {
    return call.name().substring(call.name().lastIndexOf('.') + 1);
  }
}
