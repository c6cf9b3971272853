package dev.vramcast.formats.training.trl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.units.Version;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
      Stream.concat(
              Stream.of("TrainingArguments", "Seq2SeqTrainingArguments", FILE),
              Stream.of(Stage.values()).map(Stage::configuration))
          .toList();

  /** The first TRL that has a stage, of those that came later than arguments which are refused. */
  private static final Map<Stage, String> FIRST =
      Map.of(
          Stage.GRPO, "0.14.0",
          Stage.PAPO, "0.25.0",
          Stage.GOLD, "0.25.0",
          Stage.MINILLM, "0.26.0",
          Stage.ASYNC_GRPO, "1.0.0",
          Stage.SDPO, "1.0.0",
          Stage.SDFT, "1.0.0",
          Stage.DISTILLATION, "1.1.0",
          Stage.TPO, "1.3.0");

  /**
   * The last Transformers 4 whose layers are handed what an encoder makes so that a reentrant
   * checkpoint can run them again (modeling_whisper.py, modeling_mllama.py).
   */
  private static final Map<Pattern, String> REENTRANT =
      Map.of(
          Pattern.compile("(?i)whisper"), "4.53",
          Pattern.compile("(?i)mllama|llama-3\\.2-\\d+b-vision"), "4.55");

  /**
   * From the oldest on: {@code _deprecate_arguments} of 0.12.2's trl/trainer/sft_trainer.py and
   * dpo_trainer.py; {@code deprecate_kwarg} of 0.15.2's; {@code __post_init__} of 0.19.1's
   * trl/trainer/sft_config.py; fields that transformers/training_args.py has in 4.57 and not in
   * 5.0, or in 4.47 and not in 4.52, that trl/trainer/grpo_config.py heeds in 0.15.2 and no more in
   * 0.17.0, or has in 0.27.2 and not in 0.28.0, and dpo_config.py and rloo_config.py in 0.28.0 and
   * not in 0.29.0.
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
          new Releases(List.of("GRPOConfig"), List.of("vllm_device"), "0.15.2", ""),
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
              "4.57"),
          new Releases(List.of("GRPOConfig"), List.of("max_prompt_length"), "0.27.2", ""),
          new Releases(
              List.of("DPOConfig", "RLOOConfig"), List.of("max_prompt_length"), "0.28.0", ""));

  Releases {
    calls = List.copyOf(calls);
    arguments = List.copyOf(arguments);
  }

  /**
   * Takes them for a file that others refuse; releases that are known otherwise stay.
   *
   * @param program as it is written, or the file or command of arguments
   * @param bare whether it is Transformers' Trainer that trains
   * @param stage what TRL trains for, which no release before its first one has
   */
  static void read(JobBuilder job, TrainingFile program, boolean bare, Stage stage) {
    if (job.has(JobKey.FRAMEWORK_VERSION) || job.has(JobKey.TRANSFORMERS_VERSION)) {
      return;
    }
    ALL.stream()
        .filter(releases -> !(bare ? releases.transformers : releases.trl).isEmpty())
        .flatMap(
            releases -> releases.found(program, stage).map(at -> new Found(releases, at)).stream())
        .findFirst()
        .ifPresent(found -> found.put(job, bare, stage));
  }

  private Optional<Setting> found(TrainingFile program, Stage stage) {
    boolean calling = program.form() == Form.PROGRAM;
    return calls.stream()
        .filter(
            call ->
                calling
                    ? !call.equals(FILE)
                    : call.equals(FILE) || call.equals(stage.configuration()))
        .flatMap(
            call -> arguments.stream().map(argument -> calling ? call + "." + argument : argument))
        .flatMap(path -> JobBuilder.in(program, path).stream())
        .findFirst();
  }

  /** An argument that is there. */
  private record Found(Releases releases, Setting at) {

    private void put(JobBuilder job, boolean bare, Stage stage) {
      String version = bare ? running(job) : notBefore(stage);
      job.put(bare ? JobKey.TRANSFORMERS_VERSION : JobKey.FRAMEWORK_VERSION, version, at);
      job.assume(
          at,
          at.key()
              + " is an argument that newer releases refuse: "
              + (bare ? "Transformers " : "TRL ")
              + version
              + (version.equals(bare ? releases.transformers : releases.trl)
                  ? ", which has it, is taken"
                  : ", the " + (bare ? "last" : "first") + " that trains so, is taken")
              + ", with the libraries of its time");
    }

    /** The last release that takes the argument and can run the checkpoints which are asked for. */
    private String running(JobBuilder job) {
      boolean reentrant =
          job.isOn("gradient_checkpointing")
              && job.get("gradient_checkpointing_kwargs")
                  .flatMap(how -> how.at("use_reentrant"))
                  .filter(how -> !how.bool())
                  .isEmpty();
      String model =
          job.text(JobKey.MODEL_ID).orElse("")
              + ' '
              + job.get(TrainingFile.LOADER).map(Setting::shown).orElse("");
      return REENTRANT.entrySet().stream()
          .filter(last -> reentrant && last.getKey().matcher(model).find())
          .map(Map.Entry::getValue)
          .filter(last -> isAfter(releases.transformers, last))
          .findFirst()
          .orElse(releases.transformers);
    }

    private static boolean isAfter(String one, String other) {
      return Version.parse(one).compareTo(Version.parse(other)) > 0;
    }

    private String notBefore(Stage stage) {
      String first = FIRST.getOrDefault(stage, releases.trl);
      return isAfter(first, releases.trl) ? first : releases.trl;
    }
  }
}
