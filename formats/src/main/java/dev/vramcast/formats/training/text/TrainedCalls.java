package dev.vramcast.formats.training.text;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.objects.ApartAdapters;
import dev.vramcast.formats.python.objects.UnusedConfigurations;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The calls of a program without the trainers that do not train, where another one than the first
 * of its name does, and without arguments that are another's: a notebook may show several of both.
 */
final class TrainedCalls {

  private static final String TRAINER = "Trainer";
  private static final String TRAIN = ".train";

  /** TRL's configurations, not those of adapters, quantisers and models. */
  private static final Pattern ARGUMENTS =
      Pattern.compile(
          "(?:\\w+\\.)*+\\w*(?:TrainingArguments|(?:PO|KTO|LOO|SFT|SDFT|GKD|GOLD|BCO|PRM"
              + "|MiniLLM|NashMD|Distillation|Reward)Config)");

  private final List<Call> calls;
  private final List<Node.Scalar> lines;

  /** By the place of a trainer whether its variable trains before it is another's. */
  private final Map<Integer, Boolean> trains = new HashMap<>();

  private TrainedCalls(List<Call> calls, List<Node.Scalar> lines) {
    this.calls = calls;
    this.lines = lines;
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

  /**
   * All calls where the first trainer of each name trains, or none does, with the first arguments.
   *
   * @param lines of source that the calls stand in
   */
  static List<Call> of(List<Call> calls, List<Node.Scalar> lines) {
    return new TrainedCalls(calls, lines).kept();
  }

  private List<Call> kept() {
    Map<String, List<Integer>> trainers = new LinkedHashMap<>();
    for (int i = 0; i < calls.size(); i++) {
      if (isTrainer(calls.get(i))) {
        trainers.computeIfAbsent(calls.get(i).name(), name -> new ArrayList<>()).add(i);
      }
    }
    List<Call> kept = new ArrayList<>(calls);
    trainers.values().forEach(places -> only(kept, trained(places), places.get(0)));
    return UnusedConfigurations.left(ApartAdapters.left(kept), lines);
  }

  /** The last of them that trains, unless the first one does or none. */
  private int trained(List<Integer> places) {
    int first = places.get(0);
    return places.stream()
        .filter(at -> trains.getOrDefault(at, false))
        .reduce((before, last) -> trains.getOrDefault(first, false) ? before : last)
        .orElse(first);
  }

  private static boolean isTrainer(Call call) {
    return call.name().endsWith(TRAINER);
  }

  private static boolean isArguments(Call call) {
    return ARGUMENTS.matcher(call.name()).matches();
  }

  private void only(List<Call> kept, int trained, int first) {
    leave(kept, trained);
    Optional<String> name = isAmbiguous() ? named(trained) : Optional.empty();
    int own =
        name.isPresent()
            ? assigned(trained, name.get()::equals)
            : trained == first ? -1 : arguments(trained);
    if (own >= 0) {
      leave(kept, own);
    }
  }

  private Optional<String> named(int trained) {
    Call trainer = calls.get(trained);
    int nth = 0;
    for (Call before : calls.subList(0, trained)) {
      nth += before.line() == trainer.line() && before.name().equals(trainer.name()) ? 1 : 0;
    }
    return NamedArguments.of(lines, trainer, nth);
  }

  /** Whether there are several arguments of a class, of which only one can be a trainer's. */
  private boolean isAmbiguous() {
    List<String> names = calls.stream().filter(TrainedCalls::isArguments).map(Call::name).toList();
    return names.stream().distinct().count() < names.size();
  }

  private void leave(List<Call> kept, int place) {
    Call one = calls.get(place);
    if (kept.contains(one)) {
      kept.removeIf(call -> call.name().equals(one.name()) && !call.equals(one));
    }
  }

  /** Its arguments: those that stand in the call, or else the last with a name before; -1: none. */
  private int arguments(int trained) {
    for (int i = trained + 1; i < calls.size() && !isTrainer(calls.get(i)); i++) {
      if (isArguments(calls.get(i)) && calls.get(i).assigned().isEmpty()) {
        return i;
      }
    }
    return assigned(trained, name -> !name.isEmpty());
  }

  private int assigned(int trained, Predicate<String> name) {
    for (int i = trained - 1; i >= 0; i--) {
      if (isArguments(calls.get(i)) && name.test(calls.get(i).assigned())) {
        return i;
      }
    }
    return -1;
  }
}
