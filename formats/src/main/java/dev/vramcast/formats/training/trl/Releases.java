package dev.vramcast.formats.training.trl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import java.util.List;
import java.util.Optional;

/**
 * The releases that a file was written for, where it names none: arguments that newer ones refuse
 * are taken by older ones alone.
 *
 * @param calls whose arguments they are, {@link #FILE} where they stand in a file or a command
 * @param trl the last TRL that takes them, or whose time they are of; empty where no trainer of it
 *     does
 * @param transformers the last Transformers whose Trainer does; empty where none does
 */
record Releases(List<String> calls, List<String> arguments, String trl, String transformers) {

  /** A file of arguments, or the options of a command. */
  private static final String FILE = "";

  private static final List<String> TRAINERS =
      List.of(
          "SFTTrainer", "DPOTrainer", "KTOTrainer", "ORPOTrainer", "CPOTrainer", "RewardTrainer");

  /** Configurations that are transformers' TrainingArguments, or have these and more. */
  private static final List<String> ARGUMENTS =
      List.of("TrainingArguments", "Seq2SeqTrainingArguments", "SFTConfig", "DPOConfig", FILE);

  /**
   * From the oldest on: {@code _deprecate_arguments} of 0.12.2's trl/trainer/sft_trainer.py and
   * dpo_trainer.py; {@code deprecate_kwarg} of 0.15.2's; {@code __post_init__} of 0.19.1's
   * trl/trainer/sft_config.py; fields that transformers/training_args.py has in 4.57 and not in
   * 5.0, or in 4.47 and not in 4.52.
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
          new Releases(ARGUMENTS, List.of("evaluation_strategy"), "0.13.0", "4.47"),
          new Releases(TRAINERS, List.of("tokenizer"), "0.15.2", ""),
          new Releases(List.of("SFTConfig", FILE), List.of("max_seq_length"), "0.19.1", ""),
          new Releases(List.of("Trainer", "Seq2SeqTrainer"), List.of("tokenizer"), "", "4.57"),
          new Releases(
              ARGUMENTS,
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
   * Takes them for a file that others refuse; releases that are known otherwise stay.
   *
   * @param program as it is written, or the file or command of arguments
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
    boolean calling = program.form() == Form.PROGRAM;
    return calls.stream()
        .filter(call -> call.equals(FILE) != calling)
        .flatMap(
            call -> arguments.stream().map(argument -> calling ? call + "." + argument : argument))
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
