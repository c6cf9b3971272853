package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleasesTest {

  private static final String PROGRAM =
      """
      model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
      config = CONFIG(output_dir="out", per_device_train_batch_size=2)
      trainer = TRAINER(model=model, args=config, train_dataset=data)
      trainer.train()
      """;

  private static String program(String config, String trainer) {
    return PROGRAM.replace("CONFIG(", config).replace("TRAINER(", trainer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SFTConfig(|SFTTrainer(max_seq_length=512, |0.12.2",
        "TrainingArguments(|SFTTrainer(packing=False, |0.12.2",
        "DPOConfig(|DPOTrainer(beta=0.1, |0.12.2",
        "SFTConfig(|SFTTrainer(tokenizer=tokens, |0.15.2",
        "SFTConfig(max_seq_length=512, |SFTTrainer(|0.19.1",
        "SFTConfig(overwrite_output_dir=True, |SFTTrainer(|0.26.2",
        "KTOConfig(evaluation_strategy='no', |KTOTrainer(|0.13.0",
        "RewardConfig(overwrite_output_dir=True, |RewardTrainer(|0.26.2",
        "GRPOConfig(overwrite_output_dir=True, |GRPOTrainer(|0.26.2",
        "GRPOConfig(max_prompt_length=64, |GRPOTrainer(|0.27.2",
        "DPOConfig(max_prompt_length=64, |DPOTrainer(|0.28.0",
        "GRPOConfig(evaluation_strategy='no', |GRPOTrainer(|0.14.0",
        "SDFTConfig(overwrite_output_dir=True, |SDFTTrainer(|1.0.0"
      })
  void a_call_that_newer_releases_refuse_is_of_an_older_one(
      String config, String trainer, String version) {
    assertThat(values(of("a.py", program(config, trainer))))
        .containsEntry("framework.version", version);
  }

  @Test
  void an_argument_that_only_one_stage_lost_tells_the_release_of_that_stage() {
    String file = "model_name_or_path: Qwen/Qwen2.5-7B\nmax_prompt_length: 64\n";

    assertThat(values(of("dpo.yaml", file + "beta: 0.1\n")))
        .containsEntry("objective.stage", "dpo")
        .containsEntry("framework.version", "0.28.0");
    assertThat(values(of("grpo.yaml", file + "num_generations: 4\n")))
        .containsEntry("framework.version", "0.27.2");
  }

  @Test
  void who_only_wants_an_estimate_is_told_of_the_release() {
    String program = program("SFTConfig(", "SFTTrainer(tokenizer=tokens, ");

    assertThat(of("a.py", program).document().remarks())
        .anySatisfy(
            remark ->
                assertThat(remark.notice().toString())
                    .contains("SFTTrainer.tokenizer is an argument that newer releases refuse"));
  }

  @Test
  void a_call_that_they_take_is_of_the_newest() {
    String program = program("SFTConfig(max_length=512, ", "SFTTrainer(processing_class=tokens, ");

    assertThat(values(of("a.py", program)))
        .doesNotContainKeys("framework.version", "framework.transformers");
  }

  @ParameterizedTest
  @CsvSource({
    "max_seq_length: 512, 0.19.1",
    "evaluation_strategy: steps, 0.13.0",
    "overwrite_output_dir: true, 0.26.2"
  })
  void a_file_of_arguments_is_of_the_release_that_takes_them(String line, String version) {
    String file = "model_name_or_path: Qwen/Qwen2.5-7B\nuse_peft: true\npacking: false\n";

    assertThat(values(of("a.yaml", file + line + "\n")))
        .containsEntry("framework.version", version);
    assertThat(values(of("a.yaml", file))).doesNotContainKey("framework.version");
  }

  @Test
  void so_are_options_of_a_command() {
    String command = "python run_clm.py --model_name_or_path a/b --per_device_train_batch_size 4";

    assertThat(values(of("a.sh", command + " --overwrite_output_dir")))
        .containsEntry("framework.transformers", "4.57");
    assertThat(values(of("a.sh", command))).doesNotContainKey("framework.transformers");
  }

  @Test
  void transformers_own_trainer_tells_its_release() {
    assertThat(values(of("a.py", program("TrainingArguments(", "Trainer(tokenizer=tokens, "))))
        .containsEntry("framework.transformers", "4.57")
        .doesNotContainKey("framework.version");
  }

  @Test
  void what_a_notebook_installs_holds_against_its_calls() {
    String installs = "!pip install trl==0.9.6\n";
    String program = installs + program("SFTConfig(", "SFTTrainer(max_seq_length=512, ");

    assertThat(values(of("a.py", program))).containsEntry("framework.version", "0.9.6");
  }

  /** Since 4.54 Whisper's layers are handed what its encoder makes by keyword. */
  @Test
  void the_last_release_that_takes_an_argument_has_to_run_its_checkpoints() {
    String program =
        """
        model = WhisperForConditionalGeneration.from_pretrained("openai/whisper-small")
        args = Seq2SeqTrainingArguments(output_dir="out", gradient_checkpointing=True)
        trainer = Seq2SeqTrainer(args=args, model=model, tokenizer=processor.tokenizer)
        """;
    String key = "framework.transformers";

    assertThat(values(of("a.py", program))).containsEntry(key, "4.53");
    assertThat(values(of("a.py", program.replace("checkpointing=True", "checkpointing=False"))))
        .containsEntry(key, "4.57");
    String other = "checkpointing=True, gradient_checkpointing_kwargs={'use_reentrant': False}";
    assertThat(values(of("a.py", program.replace("checkpointing=True", other))))
        .containsEntry(key, "4.57");
    assertThat(values(of("a.py", program.replace("output_dir", "logging_dir='l', output_dir"))))
        .containsEntry(key, "4.53");
  }
}
