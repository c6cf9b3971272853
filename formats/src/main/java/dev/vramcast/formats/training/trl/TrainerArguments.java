package dev.vramcast.formats.training.trl;

import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a program's trainer and its configuration are given. */
final class TrainerArguments {

  /** Configurations of Transformers' own trainers. */
  static final List<String> PLAIN = List.of("TrainingArguments", "Seq2SeqTrainingArguments");

  /** Arguments of trainers that became those of their configurations. */
  private static final List<String> OF_TRAINER =
      List.of(
          "max_seq_length",
          "packing",
          "compute_metrics",
          "preprocess_logits_for_metrics",
          "dataset_text_field",
          "optimizers",
          "beta",
          "loss_type",
          "label_smoothing",
          "max_length",
          "max_prompt_length",
          "max_completion_length",
          "precompute_ref_log_probs",
          "model_init_kwargs",
          "ref_model");

  /** Trainers whose second argument is the reference (trl/trainer/dpo_trainer.py). */
  private static final Set<String> REFERRING = Set.of("DPOTrainer", "KTOTrainer");

  private TrainerArguments() {}

  /**
   * Puts all of both among the keys.
   *
   * @param classes of the stage: its configuration, and its trainer
   */
  static void put(TrainingFile file, List<String> classes, Map<String, Node> keys) {
    all(file, classes.get(0), keys);
    PLAIN.forEach(config -> all(file, config, keys));
    for (String trainer : List.of(classes.get(1), "Trainer", "Seq2SeqTrainer")) {
      file.node(trainer + ".model")
          .or(() -> file.node(trainer + ".0"))
          .filter(model -> Choice.text(model).filter(text -> !Programs.isObject(text)).isPresent())
          .ifPresent(model -> keys.putIfAbsent("model_name_or_path", model));
      for (String key : OF_TRAINER) {
        file.node(trainer + "." + key).ifPresent(node -> keys.putIfAbsent(key, node));
      }
    }
    Optional.of(classes.get(1) + ".1")
        .filter(second -> REFERRING.contains(classes.get(1)))
        .flatMap(file::node)
        .ifPresent(model -> keys.putIfAbsent("ref_model", model));
  }

  /**
   * Arguments of the Trainer that are handed to a trainer of TRL keep their own defaults, of which
   * it makes its configuration (trl/trainer/sft_trainer.py).
   */
  static void defaults(TrainingFile file, List<String> classes, Map<String, Node> keys) {
    if (file.has(classes.get(0)) || !file.has(classes.get(1))) {
      return;
    }
    PLAIN.stream()
        .flatMap(name -> file.node(name).stream())
        .findFirst()
        .ifPresent(
            call ->
                List.of("gradient_checkpointing", "bf16")
                    .forEach(key -> keys.putIfAbsent(key, new Node.Scalar(false, call.mark()))));
  }

  private static void all(TrainingFile file, String call, Map<String, Node> keys) {
    if (file.root().at(call).orElse(null) instanceof Node.Fields arguments) {
      arguments.fields().forEach(keys::putIfAbsent);
      keys.keySet().removeIf(key -> key.matches("\\d+"));
    }
  }
}
