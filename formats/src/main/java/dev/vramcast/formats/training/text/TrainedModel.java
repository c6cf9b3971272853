package dev.vramcast.formats.training.text;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.handed.DeletedNames;
import dev.vramcast.formats.python.objects.MadeClasses;
import dev.vramcast.input.tree.Node;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Of several models that a program loads the one that it trains: a teacher or a judge may be loaded
 * before it.
 */
final class TrainedModel {

  /** What is told which model is trained, the surest first. */
  private static final List<Pattern> TOLD =
      List.of(
          Pattern.compile("(?:\\w+\\.)*+get_peft_model"),
          Pattern.compile("(?:\\w+\\.)*+\\w*Trainer"));

  /** Trainers that take a model first, by its name too. */
  private static final Pattern BY_NAME =
      Pattern.compile(
          "(?:\\w+\\.)*+(?:SFT|DPO|GRPO|KTO|ORPO|CPO|RLOO|Reward|BCO|GKD|XPO|NashMD|OnlineDPO)"
              + "Trainer");

  /** Calls that are told a model, and steps from one of them to what loads it. */
  private static final int MOST_STEPS = 50;

  /** What gives back the model that it is called on. */
  private static final Pattern ITSELF = Pattern.compile("to|cuda|half|bfloat16|float|train|eval");

  /** A reference model is what its trainer is told of. */
  private static final Pattern REFERENCE = Pattern.compile("(?i)(?:^|_|\\.)ref");

  private static final String OWN = "self.";

  private final List<Call> calls;
  private final Set<Call> loads;
  private final Map<String, List<Call>> byName;
  private final Map<String, List<Call>> byFunction;

  private TrainedModel(List<Call> calls, List<Call> loads) {
    this.calls = calls;
    this.loads = same(loads);
    this.byName = loads.stream().collect(Collectors.groupingBy(Call::assigned));
    this.byFunction = loads.stream().collect(Collectors.groupingBy(Call::function));
  }

  /**
   * The calls without those that load another model.
   *
   * @param loads whether a call loads a model
   */
  static List<Call> only(List<Call> calls, Predicate<Call> loads) {
    return new TrainedModel(calls, calls.stream().filter(loads).toList()).kept();
  }

  /**
   * Calls that load a model which stays in memory beside the one that is trained: those before the
   * first trainer, in the function of that one or in none, or held by an object, under another
   * name, by classes that are made, and not deleted before it trains.
   *
   * @param kept as {@link #only} leaves the calls
   * @param lines of the program
   */
  static List<Call> beside(
      List<Call> calls, List<Call> kept, Predicate<Call> loads, List<Node.Scalar> lines) {
    List<Call> loaded = beside(calls, kept, loads);
    if (loaded.isEmpty()) {
      return loaded;
    }
    MadeClasses classes = new MadeClasses(lines, calls);
    DeletedNames deleted = new DeletedNames(lines);
    int trains =
        calls.stream()
            .filter(call -> call.name().endsWith("Trainer"))
            .mapToInt(Call::line)
            .findFirst()
            .orElse(Integer.MAX_VALUE);
    return loaded.stream()
        .filter(classes::hold)
        .filter(call -> !deleted.between(call.assigned(), call.line(), trains))
        .toList();
  }

  private static List<Call> beside(List<Call> calls, List<Call> kept, Predicate<Call> loads) {
    Optional<Call> own = kept.stream().filter(loads).findFirst();
    Set<Call> left = same(kept);
    return calls.stream()
        .takeWhile(call -> !call.name().endsWith("Trainer"))
        .filter(loads)
        .filter(call -> own.isPresent() && !left.contains(call) && !call.assigned().isEmpty())
        .filter(call -> !call.assigned().equals(own.orElseThrow().assigned()))
        .filter(
            call ->
                call.function().isEmpty()
                    || call.assigned().startsWith(OWN)
                    || call.function().equals(own.orElseThrow().function()))
        .filter(call -> !REFERENCE.matcher(call.assigned()).find())
        .toList();
  }

  private List<Call> kept() {
    Optional<List<Call>> told =
        Stream.of(true, false)
            .flatMap(within -> TOLD.stream().flatMap(kind -> given(kind, within).stream()))
            .findFirst();
    if (told.isEmpty() && calls.stream().anyMatch(TrainedModel::loadsItself)) {
      return calls.stream().filter(call -> !loads.contains(call)).toList();
    }
    boolean several =
        loads.stream().map(call -> call.assigned() + ' ' + call.function()).distinct().count() > 1;
    return told.filter(own -> several || own.size() < loads.size())
        .map(this::without)
        .orElse(calls);
  }

  private List<Call> without(List<Call> own) {
    Set<Call> trained = same(own);
    return calls.stream().filter(call -> !loads.contains(call) || trained.contains(call)).toList();
  }

  private static Set<Call> same(List<Call> calls) {
    Set<Call> same = Collections.newSetFromMap(new IdentityHashMap<>());
    same.addAll(calls);
    return same;
  }

  /** A trainer that is given a name loads the model of that name. */
  private static boolean loadsItself(Call call) {
    Node model = call.arguments().get("model");
    if (model == null && BY_NAME.matcher(call.name()).matches()) {
      model = call.arguments().get("0");
    }
    return call.name().endsWith("Trainer")
        && model != null
        && Choice.taken(model) instanceof String text
        && !text.startsWith("<")
        && !text.equals(call.model());
  }

  /**
   * What loads the model that such a call is given.
   *
   * @param within whether names are those of the function that the call stands in
   */
  private Optional<List<Call>> given(Pattern told, boolean within) {
    return IntStream.range(0, calls.size())
        .filter(i -> told.matcher(calls.get(i).name()).matches())
        .limit(MOST_STEPS)
        .mapToObj(i -> loaded(i, calls.get(i).model(), within))
        .filter(found -> !found.isEmpty())
        .findFirst();
  }

  /** Through calls that give a model back: {@code model = prepare(base)}. */
  private List<Call> loaded(int before, String model, boolean within) {
    String function = calls.get(before).function();
    String name = model;
    int steps = 0;
    for (int i = before - 1; i >= 0 && !name.isEmpty() && steps < MOST_STEPS; i--) {
      Call call = calls.get(i);
      boolean seen =
          !within
              || name.startsWith(OWN)
              || call.function().isEmpty()
              || call.function().equals(function);
      if (!seen || !call.assigned().equals(name)) {
        continue;
      }
      if (loads.contains(call)) {
        // What was loaded under the name before is gone: a notebook tries a model, and loads anew.
        return call.outermost()
            ? List.of(call)
            : byName.getOrDefault(name, List.of()).stream()
                .filter(other -> !within || other.function().equals(call.function()))
                .toList();
      }
      if (!isItself(call, name)) {
        List<Call> inside = inside(call);
        if (!inside.isEmpty()) {
          return inside;
        }
        name = call.model().isEmpty() ? receiver(call) : call.model();
        steps++;
      }
    }
    return List.of();
  }

  /** {@code x} of {@code x.merge_and_unload()}. */
  private static String receiver(Call call) {
    return call.arguments().isEmpty()
        ? call.name().substring(0, Math.max(0, call.name().lastIndexOf('.')))
        : "";
  }

  /** What a function of the program loads that is called. */
  private List<Call> inside(Call made) {
    String function =
        made.name().startsWith(OWN) ? made.name().substring(OWN.length()) : made.name();
    return byFunction.getOrDefault(function, List.of());
  }

  private static boolean isItself(Call call, String name) {
    return call.name().startsWith(name + '.')
        && ITSELF.matcher(call.name().substring(name.length() + 1)).matches();
  }

  /**
   * Whether a call puts adapters of somewhere else on the model that a trainer is given, as {@code
   * load_adapter} of Transformers does (transformers/integrations/peft.py).
   *
   * @param object that it is called on
   */
  static boolean isAdapted(Call call, String object, List<Call> calls) {
    return call.name().endsWith(".load_adapter")
        && isHanded(object, calls)
        && calls.stream().noneMatch(other -> other.name().endsWith("get_peft_model"));
  }

  private static boolean isHanded(String name, List<Call> calls) {
    return !name.isEmpty()
        && calls.stream()
            .filter(call -> call.name().endsWith("Trainer"))
            .anyMatch(call -> call.model().equals(name));
  }

  /**
   * The arguments of a call that loads adapters: those that stay adapters until the trainer is
   * given them are what it trains, whoever switches their gradients on.
   *
   * @param name of the model that has them then
   */
  static Node.Fields continued(Call adapted, String name, List<Call> calls) {
    Map<String, Node> arguments = new LinkedHashMap<>(adapted.arguments());
    boolean handed = isHanded(name, calls);
    boolean merged =
        calls.stream()
            .anyMatch(
                call ->
                    call.name().endsWith(".merge_and_unload")
                        || call.name().endsWith("get_peft_model"));
    if (handed && !merged) {
      arguments.putIfAbsent("is_trainable", new Node.Scalar(true, adapted.mark()));
    }
    return new Node.Fields(arguments, adapted.mark());
  }
}
