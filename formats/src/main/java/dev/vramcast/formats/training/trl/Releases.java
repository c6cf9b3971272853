package dev.vramcast.formats.training.trl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.List;
import java.util.Optional;

/**
 * The releases that a file was written for, where it names none: arguments that newer ones refuse
 * are taken by older ones alone.
 *
 * @param calls whose arguments they are; empty for those of the configuration
 * @param trl the last TRL that takes them, or whose time they are of; empty where no trainer of it
 *     does
 * @param transformers the last Transformers whose Trainer does; empty where none does
 */
record Releases(List<String> calls, List<String> arguments, String trl, String transformers) {

  private static final List<String> TRAINERS =
      List.of(
          "SFTTrainer", "DPOTrainer", "KTOTrainer", "ORPOTrainer", "CPOTrainer", "RewardTrainer");

  /**
   * From the oldest on: {@code _deprecate_arguments} of 0.12.2's trl/trainer/sft_trainer.py and
   * dpo_trainer.py; {@code deprecate_kwarg} of 0.15.2's; {@code __post_init__} of 0.19.1's
   * trl/trainer/sft_config.py; fields that transformers/training_args.py has in 4.57 and not in
   * 5.0.
   */
  private static final List<Releases> ALL =
      List.of(
          new Releases(
              List.of("SFTTrainer"),
              List.of(
                  "max_seq_length",
                  "packing",
                  "dataset_text_field",
                  "infinite",
                  "num_of_sequences",
                  "chars_per_token",
                  "dataset_num_proc",
                  "dataset_batch_size",
                  "neftune_noise_alpha",
                  "model_init_kwargs",
                  "dataset_kwargs",
                  "eval_packing"),
              "0.12.2",
              ""),
          new Releases(
              List.of("DPOTrainer"),
              List.of(
                  "beta",
                  "label_smoothing",
                  "loss_type",
                  "label_pad_token_id",
                  "padding_value",
                  "truncation_mode",
                  "max_length",
                  "max_prompt_length",
                  "max_target_length",
                  "disable_dropout",
                  "generate_during_eval",
                  "precompute_ref_log_probs",
                  "dataset_num_proc",
                  "model_init_kwargs",
                  "ref_model_init_kwargs"),
              "0.12.2",
              ""),
          new Releases(TRAINERS, List.of("tokenizer"), "0.15.2", ""),
          new Releases(List.of("SFTConfig"), List.of("max_seq_length"), "0.19.1", ""),
          new Releases(List.of("Trainer", "Seq2SeqTrainer"), List.of("tokenizer"), "", "4.57"),
          new Releases(
              List.of("TrainingArguments", "Seq2SeqTrainingArguments", "SFTConfig", "DPOConfig"),
              List.of(
                  "overwrite_output_dir",
                  "logging_dir",
                  "save_safetensors",
                  "group_by_length",
                  "no_cuda",
                  "half_precision_backend",
                  "include_inputs_for_metrics"),
              "0.26.2",
              "4.57"));

  Releases {
    calls = List.copyOf(calls);
    arguments = List.copyOf(arguments);
  }

  /**
   * Takes them for a program, whose calls would fail; releases that are known otherwise stay.
   *
   * @param program as it is written
   * @param bare whether it is Transformers' Trainer that trains
   */
  static void read(JobBuilder job, TrainingFile program, boolean bare) {
    if (job.has(JobKey.FRAMEWORK_VERSION) || job.has(JobKey.TRANSFORMERS_VERSION)) {
      return;
    }
    ALL.stream()
        .filter(releases -> !(bare ? releases.transformers : releases.trl).isEmpty())
        .flatMap(releases -> releases.found(program).map(at -> new Found(releases, at)).stream())
        .findFirst()
        .ifPresent(found -> found.put(job, bare));
  }

  private Optional<Setting> found(TrainingFile program) {
    return calls.stream()
        .flatMap(call -> arguments.stream().map(argument -> call + "." + argument))
        .flatMap(path -> JobBuilder.in(program, path).stream())
        .findFirst();
  }

  /** An argument that is there. */
  private record Found(Releases releases, Setting at) {

    private void put(JobBuilder job, boolean bare) {
      String version = bare ? releases.transformers : releases.trl;
      job.put(bare ? JobKey.TRANSFORMERS_VERSION : JobKey.FRAMEWORK_VERSION, version, at);
      job.say(
          FindingCode.ASSUMED,
          at,
          at.key()
              + " is an argument that newer releases refuse: "
              + (bare ? "Transformers " : "TRL ")
              + version
              + ", which has it, is taken, with the libraries of its time");
    }
  }
}
