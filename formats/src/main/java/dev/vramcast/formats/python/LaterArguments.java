package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.OpenBlocks;
import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Arguments that an object is given behind the call that made it, {@code args.max_steps = 100}. */
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
      Pattern.compile("(?:self\\.)?\\w*trainer\\.args\\.([a-zA-Z]\\w*)");

  private final List<Call> calls;

  LaterArguments(List<Call> calls) {
    this.calls = calls;
  }

  /**
   * A part of an object is given a value.
   *
   * @param path its name with that of the object
   * @param function that the statement stands in
   * @param innermost the innermost one
   */
  void given(String path, String function, String innermost, Node value, OpenBlocks blocks) {
    Matcher handed = HANDED.matcher(path);
    Matcher part = PART.matcher(path);
    if (handed.matches()) {
      put(this::ofTrainer, handed.group(1), function, innermost, value, blocks);
    } else if (part.matches()) {
      String object = part.group(1);
      put(
          call -> call.assigned().equals(object),
          part.group(2),
          function,
          innermost,
          value,
          blocks);
    }
  }

  private boolean ofTrainer(Call call) {
    return OF_TRAINER.matcher(call.name()).matches();
  }

  /** The last call of a kind is given an argument, unless something has trained since. */
  private void put(
      Predicate<Call> kind,
      String name,
      String function,
      String innermost,
      Node value,
      OpenBlocks blocks) {
    for (int i = calls.size() - 1; i >= 0 && !calls.get(i).name().endsWith(".train"); i--) {
      Call call = calls.get(i);
      if (kind.test(call)) {
        boolean made = ofTrainer(call) || OTHERS.matcher(call.name()).matches();
        if (made && call.function().equals(function)) {
          blocks.later(call.arguments(), name, call.assigned(), innermost, value);
        }
        return;
      }
    }
  }
}
