package dev.vramcast.formats.training.text;

import dev.vramcast.formats.python.PythonCalls.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls of a program of whose trainers another one trains than the first of its name, without
 * the trainers that do not and their arguments: a notebook may show several before it starts one.
 */
final class TrainedCalls {

  private static final String TRAINER = "Trainer";
  private static final String TRAIN = ".train";

  private final List<Call> calls;

  /** By the place of a trainer whether its variable trains before it is another's. */
  private final Map<Integer, Boolean> trains = new HashMap<>();

  private TrainedCalls(List<Call> calls) {
    this.calls = calls;
    Map<String, Boolean> later = new HashMap<>();
    for (int i = calls.size() - 1; i >= 0; i--) {
      Call call = calls.get(i);
      if (call.name().endsWith(TRAIN)) {
        later.put(call.name().substring(0, call.name().length() - TRAIN.length()), true);
      } else if (isTrainer(call)) {
        // Of one without a name nothing is known.
        trains.put(i, later.getOrDefault(call.assigned(), call.assigned().isEmpty()));
        later.remove(call.assigned());
      }
    }
  }

  /** All calls where the first trainer of each name trains, or none does. */
  static List<Call> of(List<Call> calls) {
    return new TrainedCalls(calls).kept();
  }

  private List<Call> kept() {
    Map<String, List<Integer>> trainers = new LinkedHashMap<>();
    for (int i = 0; i < calls.size(); i++) {
      if (isTrainer(calls.get(i))) {
        trainers.computeIfAbsent(calls.get(i).name(), name -> new ArrayList<>()).add(i);
      }
    }
    List<Call> kept = new ArrayList<>(calls);
    trainers.forEach(
        (name, places) ->
            places.stream()
                .filter(at -> trains.getOrDefault(at, false))
                .reduce((before, last) -> trains.getOrDefault(places.get(0), false) ? before : last)
                .filter(at -> !at.equals(places.get(0)))
                .ifPresent(at -> only(kept, at)));
    return kept;
  }

  private static boolean isTrainer(Call call) {
    return call.name().endsWith(TRAINER);
  }

  private static boolean isArguments(Call call) {
    return call.name().matches("\\w*TrainingArguments|[A-Z]{2,}\\w*Config");
  }

  private void only(List<Call> kept, int trained) {
    leave(kept, trained);
    int own = arguments(trained);
    if (own >= 0) {
      leave(kept, own);
    }
  }

  private void leave(List<Call> kept, int place) {
    Call one = calls.get(place);
    kept.removeIf(call -> call.name().equals(one.name()) && !call.equals(one));
  }

  /** Its arguments: those that stand in the call, or else the last with a name before; -1: none. */
  private int arguments(int trained) {
    for (int i = trained + 1; i < calls.size() && !isTrainer(calls.get(i)); i++) {
      if (isArguments(calls.get(i)) && calls.get(i).assigned().isEmpty()) {
        return i;
      }
    }
    for (int i = trained - 1; i >= 0; i--) {
      if (isArguments(calls.get(i)) && !calls.get(i).assigned().isEmpty()) {
        return i;
      }
    }
    return -1;
  }
}
