package dev.vramcast.formats.training.trl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.units.Version;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
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

  /** The release of TRL whose trainer hands the switch on. */
  private static final Version FIRST_TOLD = new Version(0, 7, 2);

  private ProgramCheckpoints() {}

  /** The call that has PEFT prepare a base. */
  static Optional<Node> preparing(TrainingFile file) {
    return PREPARES.stream().flatMap(name -> file.root().at(name).stream()).findFirst();
  }

  /**
   * Before 0.7.2 SFTTrainer prepares a quantised base for adapters that it makes, by {@code
   * prepare_model_for_int8_training(model)}, which checkpoints whatever the arguments say
   * (trl/trainer/sft_trainer.py; peft/utils/other.py).
   */
  static void ofEarlyTrainer(JobBuilder job, TrainingFile file) {
    boolean makes = file.form() == Form.PROGRAM && !file.has("get_peft_model");
    if (makes && job.isBefore(FIRST_TOLD) && !job.is(JobKey.CHECKPOINTING, "full")) {
      job.put(JobKey.CHECKPOINTING, Checkpointing.FULL, JobKey.FRAMEWORK_VERSION);
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          SWITCH,
          "SFTTrainer before TRL 0.7.2 checkpoints a quantised base, whatever " + SWITCH + " says");
    }
  }

  /**
   * Puts it into the arguments.
   *
   * @param byDefault whether the trainer's configuration checkpoints unless it is told not to
   */
  static void put(TrainingFile file, boolean byDefault, Map<String, Node> keys) {
    if (file.has("gradient_checkpointing_disable")) {
      return;
    }
    Optional<Node> enables = file.root().at("gradient_checkpointing_enable");
    if (enables.isPresent()) {
      put(enables.get(), byDefault, keys);
    } else {
      prepared(file, keys).ifPresent(call -> prepares(call, byDefault, keys));
    }
  }

  private static void prepares(Node call, boolean byDefault, Map<String, Node> keys) {
    Node asked = argument(call, "use_gradient_checkpointing").orElse(call);
    boolean again = isAgain(byDefault, keys);
    if (!Boolean.FALSE.equals(Choice.taken(asked))) {
      put(call, byDefault, keys);
    }
    if (asked.value() instanceof Choice && !again) {
      // What the Trainer does not do itself is done under the condition alone.
      keys.put(SWITCH, asked);
    }
  }

  private static boolean isAgain(boolean byDefault, Map<String, Node> keys) {
    Node told = keys.get(SWITCH);
    return told == null ? byDefault : !Boolean.FALSE.equals(Choice.taken(told));
  }

  /** The Trainer asks the model again, in its own way, where it is to checkpoint (trainer.py). */
  private static void put(Node call, boolean byDefault, Map<String, Node> keys) {
    if (!isAgain(byDefault, keys)) {
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
                    || Programs.isStoredSo(keys)
                    || Programs.isOn(keys, "load_in_4bit", "load_in_8bit"));
  }

  private static Optional<Node> argument(Node call, String name) {
    return call instanceof Node.Fields arguments ? arguments.at(name) : Optional.empty();
  }
}
