package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.ChangedArguments;
import dev.vramcast.formats.python.flow.OpenBlocks;
import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Arguments that an object is given behind the call that made it, {@code args.max_steps = 100}:
 * what is given where it was made or handed to its trainer counts, the rest is said.
 */
final class LaterArguments {

  /** Of trainers, by libraries; what a class of the program's own has is known by its fields. */
  private static final Pattern OF_TRAINER =
      Pattern.compile(
          "(?:\\w+\\.)*+(?:(?:Seq2Seq|SentenceTransformer|CrossEncoder)?TrainingArguments"
              + "|(?:SFT|DPO|GRPO|RLOO|PPO|KTO|ORPO|CPO|BCO|GKD|Reward)Config)");

  private static final Pattern OTHERS = Pattern.compile("(?:\\w+\\.)*+(?:Lora|BitsAndBytes)Config");

  /** {@code args.max_steps}; what begins with a dash below is no argument. */
  private static final Pattern PART = Pattern.compile("((?:self\\.)?\\w+)\\.([a-zA-Z]\\w*)");

  /** {@code trainer.args.max_steps}. */
  private static final Pattern HANDED =
      Pattern.compile("(self\\.\\w+|(?!self\\.)\\w+)\\.args\\.([a-zA-Z]\\w*)");

  /** Of so many it is said. */
  private static final int MOST = 20;

  /**
   * A part of an object is given a value.
   *
   * @param path its name with that of the object
   * @param at where the statement begins
   * @param function that it stands in
   * @param innermost the innermost one
   */
  record Change(String path, Mark at, String function, String innermost, Node value) {}

  private final List<Call> calls;
  private final ChangedArguments changed;

  /** By their places. */
  private final Map<Mark, Node> unfollowed = new LinkedHashMap<>();

  LaterArguments(List<Call> calls, ChangedArguments changed) {
    this.calls = calls;
    this.changed = changed;
  }

  /** Statements and calls that may give arguments another value and are not followed. */
  List<Node> unfollowed() {
    return List.copyOf(unfollowed.values());
  }

  void given(Change change, OpenBlocks blocks) {
    Matcher handed = HANDED.matcher(change.path());
    Matcher part = PART.matcher(change.path());
    if (handed.matches()) {
      ofTrainer(handed.group(1), handed.group(2), change, blocks);
    } else if (part.matches()) {
      String object = part.group(1);
      int place = last(call -> call.assigned().equals(object));
      if (place >= 0 && isMade(calls.get(place))) {
        put(place, calls.get(place), part.group(2), change, blocks);
      } else if (place >= 0 && isHeld(object, change.function())) {
        say(change.path(), change.at());
      }
    }
  }

  /**
   * A call is read.
   *
   * @param start where its name begins
   * @param end where that ends
   */
  void called(Call call, int start, int end) {
    changed.changedBy(start, end).stream()
        .filter(name -> isHeld(name, call.function()))
        .findFirst()
        .ifPresent(name -> say(call.name() + "(" + name + ")", call.mark()));
  }

  /** What is handed to a trainer is found by the call that its name was given. */
  private void ofTrainer(String trainer, String argument, Change change, OpenBlocks blocks) {
    int place = last(call -> call.name().endsWith("Trainer") && call.assigned().equals(trainer));
    boolean named = trainer.toLowerCase(Locale.ROOT).endsWith("trainer");
    int arguments = place >= 0 ? handedTo(place) : named ? last(LaterArguments::isOfTrainer) : -1;
    if (arguments >= 0) {
      put(place >= 0 ? place : arguments, calls.get(arguments), argument, change, blocks);
    }
  }

  /** The arguments that are made inside of a trainer's call, or else last before it. */
  private int handedTo(int trainer) {
    for (int i = trainer + 1; i < calls.size() && calls.get(i).assigned().isEmpty(); i++) {
      if (isOfTrainer(calls.get(i))) {
        return i;
      }
    }
    for (int i = trainer - 1; i >= 0; i--) {
      if (isOfTrainer(calls.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Arguments are given one, unless something has trained since.
   *
   * @param since the call that gave the changed name what it stands for
   */
  private void put(int since, Call call, String name, Change change, OpenBlocks blocks) {
    if (!calls.get(since).function().equals(change.function())) {
      say(change.path(), change.at());
    } else if (!isTrained(since)) {
      blocks.later(call.arguments(), name, call.assigned(), change.innermost(), change.value());
    }
  }

  /** Whether a name of a function stands for arguments of a library, as far as its calls tell. */
  private boolean isHeld(String object, String function) {
    int place = last(call -> call.assigned().equals(object));
    if (place < 0 || isTrained(place)) {
      return false;
    }
    boolean own = changed.isFunction(calls.get(place).name()) && changed.isOfTrainer(object);
    return own
        || calls.stream()
            .filter(call -> call.assigned().equals(object) && call.function().equals(function))
            .anyMatch(LaterArguments::isMade);
  }

  private void say(String text, Mark at) {
    if (unfollowed.size() < MOST) {
      unfollowed.put(at, new Node.Scalar(text, at));
    }
  }

  private boolean isTrained(int since) {
    return calls.subList(since, calls.size()).stream().anyMatch(c -> c.name().endsWith(".train"));
  }

  private int last(Predicate<Call> kind) {
    int place = calls.size() - 1;
    while (place >= 0 && !kind.test(calls.get(place))) {
      place--;
    }
    return place;
  }

  private static boolean isMade(Call call) {
    return isOfTrainer(call) || OTHERS.matcher(call.name()).matches();
  }

  private static boolean isOfTrainer(Call call) {
    return OF_TRAINER.matcher(call.name()).matches();
  }
}
