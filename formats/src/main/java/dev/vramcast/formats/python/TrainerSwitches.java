package dev.vramcast.formats.python;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.handed.Dictionaries;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Whether the Trainer is told of half precision, which programs ask of its arguments without saying
 * it themselves: {@code torch.float16 if training_args.fp16 else torch.float32}.
 */
final class TrainerSwitches {

  static final String FP16 = "fp16";
  static final String BF16 = "bf16";

  /** transformers/training_args.py: both are off unless somebody says otherwise. */
  private static final Pattern PLAIN =
      Pattern.compile("(?:\\w+\\.)*+(?:Seq2Seq)?TrainingArguments");

  /** trl/trainer/base_config.py: bf16 follows from fp16. */
  private static final Pattern OF_TRL =
      Pattern.compile(
          "(?:\\w+\\.)*+(?:SFT|DPO|GRPO|KTO|ORPO|CPO|RLOO|Reward|PPO|BCO|GKD|OnlineDPO)Config");

  private TrainerSwitches() {}

  /** The arguments are made by a call, and have a name: those of its parts are known. */
  static void made(Call call, Map<String, Node> constants) {
    boolean plain = PLAIN.matcher(call.name()).matches();
    boolean ofTrl = OF_TRL.matcher(call.name()).matches();
    boolean open = call.arguments().keySet().stream().anyMatch(TrainerSwitches::isOpen);
    if (call.assigned().isEmpty() || open || !plain && !ofTrl) {
      return;
    }
    for (String name : plain ? List.of(FP16, BF16) : List.of(FP16)) {
      Node off = new Node.Scalar(false, call.mark());
      constants.put(call.assigned() + '.' + name, call.arguments().getOrDefault(name, off));
    }
  }

  /** The switches that what a parser makes has inherited. */
  static List<String> inherited(Call parser) {
    boolean trl =
        !parser.name().endsWith("HfArgumentParser")
            || parser.arguments().values().stream().anyMatch(TrainerSwitches::isOfTrl);
    return trl ? List.of(FP16) : List.of(FP16, BF16);
  }

  private static boolean isOfTrl(Node classes) {
    return classes instanceof Node.Items list
        ? list.items().stream().anyMatch(TrainerSwitches::isOfTrl)
        : Choice.text(classes).filter(name -> name.contains("Config")).isPresent();
  }

  private static boolean isOpen(String argument) {
    return argument.startsWith("**") || argument.equals(Dictionaries.OPEN);
  }
}
