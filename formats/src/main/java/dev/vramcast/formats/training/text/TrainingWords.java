package dev.vramcast.formats.training.text;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputException;
import java.util.regex.Pattern;

/**
 * What tells of a text that cannot be read whether it was to train something: a repository is full
 * of YAML and JSON that only other programs can read, such as templates and texts with tags.
 */
final class TrainingWords {

  /** Keys by which frameworks' files are known, and those of a job document. */
  private static final Pattern KEY =
      Pattern.compile(
          "(?m)^[ \\t\"'-]{0,80}(?:base_model|model_name_or_path|model_name|_component_"
              + "|finetuning_type|actor_rollout_ref|checkpoint_dir|zero_optimization"
              + "|distributed_type|tuner_type|train_type"
              + "|(?:\\w{0,30}_)?micro_batch(?:_size)?\\w{0,20}|per_device_train_batch_size"
              + "|gradient_accumulation_steps|step_scheduler|lora(?:_\\w{1,30})?|checkpointing"
              + "|hardware|sequence_len(?:gth)?|max_seq_len(?:gth)?)[\"']?[ \\t]{0,8}[:=]");

  private static final Pattern COMMAND =
      Pattern.compile(
          "accelerate[\"',\\s]{1,20}launch|torchrun\\b|llamafactory-cli|\\baxolotl\\b"
              + "|\\bdeepspeed\\b"
              + "|\\bswift[\"',\\s]{1,20}(?:sft|pt|rlhf)\\b"
              + "|\\btrl[\"',\\s]{1,20}[a-z]|verl\\.trainer"
              + "|\\btune[\"',\\s]{1,20}run\\b|\\blitgpt\\b|openrlhf|per_device_train_batch_size");

  private TrainingWords() {}

  /** Whether a text has any of them. */
  static boolean areIn(String text) {
    return KEY.matcher(text).find() || COMMAND.matcher(text).find();
  }

  /** Why a text cannot be read: one without these words is of no framework. */
  static InputException refused(InputException why, String text) {
    return areIn(text) ? why : why.error().kind(ErrorKind.UNKNOWN_FORMAT).refusal(why);
  }
}
