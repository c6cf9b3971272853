package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.OpenBlocks;
import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Arguments that an object is given behind the call that made it, {@code args.max_steps = 100}. */
final class LaterArguments {

  /** Of libraries; what a class of the program's own has is known by its fields. */
  private static final Pattern MADE =
      Pattern.compile(
          "(?:\\w+\\.)*+(?:(?:Seq2Seq|SentenceTransformer|CrossEncoder)?TrainingArguments"
              + "|(?:SFT|DPO|GRPO|RLOO|PPO|KTO|ORPO|CPO|BCO|GKD|Reward|Lora|BitsAndBytes)Config)");

  /** {@code args.max_steps}; what begins with a dash below is no argument. */
  private static final Pattern PART = Pattern.compile("((?:self\\.)?\\w+)\\.([a-zA-Z]\\w*)");

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
    var part = PART.matcher(path);
    if (!part.matches()) {
      return;
    }
    for (int i = calls.size() - 1; i >= 0; i--) {
      Call call = calls.get(i);
      if (call.name().endsWith(".train")) {
        return;
      }
      if (call.assigned().equals(part.group(1))) {
        boolean own = call.function().equals(function) && MADE.matcher(call.name()).matches();
        if (own) {
          Map<String, Node> said = call.arguments();
          Node before = said.get(part.group(2));
          said.put(part.group(2), blocks.later(part.group(1), innermost, before, value));
        }
        return;
      }
    }
  }
}
