package dev.vramcast.formats.training.trl;

import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a program does to the model itself holds whatever the Trainer is told: its checkpointing,
 * which PEFT switches on for a quantised base too (peft/utils/other.py).
 */
final class ProgramCheckpoints {

  private static final String SWITCH = "gradient_checkpointing";

  private static final String ARGUMENTS = "gradient_checkpointing_kwargs";

  /** PEFT's, under its older name too. */
  private static final List<String> PREPARES =
      List.of("prepare_model_for_kbit_training", "prepare_model_for_int8_training");

  private ProgramCheckpoints() {}

  /** The call that has PEFT prepare a base. */
  static Optional<Node> preparing(TrainingFile file) {
    return PREPARES.stream().flatMap(name -> file.root().at(name).stream()).findFirst();
  }

  /**
   * Puts it into the arguments.
   *
   * @param byDefault whether the trainer's configuration checkpoints unless it is told not to
   */
  static void put(TrainingFile file, boolean byDefault, Map<String, Node> keys) {
    file.root()
        .at("gradient_checkpointing_enable")
        .or(() -> prepared(file, keys))
        .filter(call -> !file.has("gradient_checkpointing_disable"))
        .ifPresent(call -> put(call, byDefault, keys));
  }

  /** The Trainer asks the model again, in its own way, where it is to checkpoint (trainer.py). */
  private static void put(Node call, boolean byDefault, Map<String, Node> keys) {
    Node told = keys.get(SWITCH);
    boolean again = told == null ? byDefault : !Boolean.FALSE.equals(told.value());
    if (!again) {
      keys.remove(ARGUMENTS);
      argument(call, ARGUMENTS)
          .or(() -> argument(call, "0"))
          .filter(Node.Fields.class::isInstance)
          .ifPresent(how -> keys.put(ARGUMENTS, how));
    }
    keys.put(SWITCH, new Node.Scalar(true, call.mark()));
  }

  private static Optional<Node> prepared(TrainingFile file, Map<String, Node> keys) {
    return preparing(file)
        .filter(
            call ->
                file.has("BitsAndBytesConfig")
                    || Programs.isOn(keys, "load_in_4bit", "load_in_8bit"))
        .filter(
            call ->
                argument(call, "use_gradient_checkpointing")
                    .filter(on -> Boolean.FALSE.equals(on.value()))
                    .isEmpty());
  }

  private static Optional<Node> argument(Node call, String name) {
    return call instanceof Node.Fields arguments ? arguments.at(name) : Optional.empty();
  }
}
