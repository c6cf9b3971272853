package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and commands with a trainer's arguments that ask for something else, or for more. */
class AskedPurposeTest {

  private static final String KEYS =
      """
      model_name_or_path: mistralai/Mistral-7B-v0.1
      per_device_train_batch_size: 4
      max_seq_length: 2048
      num_train_epochs: 10
      do_eval: true
      """;

  private static final String PROGRAM =
      """
      from transformers import AutoModelForCausalLM, HfArgumentParser
      from transformers import Seq2SeqTrainer, Seq2SeqTrainingArguments
      @dataclass
      class Data:
          model_name_or_path: str = field(default=None)
          max_source_length: int = field(default=1024)
          max_target_length: int = field(default=128)
      parser = HfArgumentParser((Data, Seq2SeqTrainingArguments))
      data_args, training_args = parser.parse_args_into_dataclasses()
      model = AutoModelForCausalLM.from_pretrained(data_args.model_name_or_path)
      def rows(examples):
          texts = tokenizer(examples["q"], max_length=data_args.max_source_length, truncation=True)
          answers = tokenizer(
              text_target=examples["a"], max_length=data_args.max_target_length, truncation=True)
      trainer = Seq2SeqTrainer(model=model, args=training_args)
      if training_args.do_train:
          trainer.train()
      if training_args.do_predict:
          trainer.predict(data)
      """;

  private static final String COMMAND =
      "python main.py --model_name_or_path Qwen/Qwen2.5-7B --max_source_length 2048"
          + " --max_target_length 1024 ";

  private static Reading started(String options) {
    return TrainingFiles.read(
        List.of(TrainingText.of(COMMAND + options, "run.sh")),
        Optional.empty(),
        path ->
            path.equals("main.py")
                ? Optional.of(TrainingText.of(PROGRAM, path))
                : Optional.empty());
  }

  @Test
  void a_file_that_predicts_and_is_not_told_to_train_trains_nothing() {
    Reading predicts = of("eval.yaml", KEYS + "do_predict: true\n");

    assertThat(predicts.unreadable().get(JobKey.METHOD))
        .satisfies(error -> assertThat(error.kind()).isEqualTo(ErrorKind.NO_TRAINING))
        .satisfies(error -> assertThat(error.refusal()).hasMessageContaining("eval.yaml:6:1"));
    assertThat(of("a.yaml", KEYS + "do_predict: true\ndo_train: true\n").unreadable()).isEmpty();
    assertThat(of("a.yaml", KEYS + "do_predict: false\n").unreadable()).isEmpty();
    assertThat(of("a.yaml", KEYS).unreadable()).isEmpty();
  }

  @Test
  void a_command_that_predicts_trains_nothing_though_its_program_can() {
    assertThat(started("--learning_rate 1e-4 --do_predict").unreadable())
        .containsKey(JobKey.METHOD);
    assertThat(started("--learning_rate 1e-4 --do_train --do_predict").unreadable())
        .doesNotContainKey(JobKey.METHOD);
  }

  @Test
  void what_a_model_that_only_decodes_reads_and_writes_is_one_row() {
    assertThat(values(started("--do_train")))
        .containsEntry("batch.sequence_length", 3072)
        .doesNotContainKey("objective.completion_length");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--vision_tower openai/clip", "--tune_mm_mlp_adapter True"})
  void options_that_make_another_model_do_so_where_the_program_is_read_too(String option) {
    assertThat(started("--do_train " + option).notModelled())
        .get()
        .asString()
        .contains(option.substring(2, option.indexOf(' ')));
    assertThat(started("--do_train").notModelled()).isEmpty();
  }

  @Test
  void results_of_an_evaluation_are_no_training() {
    String results =
        """
        {"adapter_path": null, "model_name_or_path": "Qwen/Qwen2.5-7B", "exact_accuracy": 0.8,
         "num_examples": 1319, "missing_answer_count": 0, "final_format_rate": 0.99}
        """;

    assertThatThrownBy(() -> of("summary.json", results))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is of no known format");
  }

  @Test
  void a_program_that_prepares_data_is_told_of_a_model_and_a_length_too() {
    String options = " --in-files a.json --model-name-or-path Qwen/Qwen2.5-7B --max-length 2048";

    assertThatThrownBy(() -> of("data.sh", "python scripts/split_conversations.py" + options))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("split_conversations.py, which is no training program");
    assertThat(values(of("run.sh", "python train.py" + options)))
        .containsEntry("batch.sequence_length", 2048);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--vision_tower openai/clip-vit-large-patch14-336",
        "--mm_vision_tower ./pretrained/InternViT-6B-448px-V1-5",
        "--speech_encoder openai/whisper-large-v3",
        "--pretrained_audio_encoder_path /models/beats.pt"
      })
  void an_encoder_that_is_named_beside_the_model_is_said_to_be_left_out(String option) {
    String command =
        "deepspeed llava/train/train_mem.py --model_name_or_path lmsys/vicuna-7b-v1.5 --version v1"
            + " --per_device_train_batch_size 16 --model_max_length 2048 --bf16 True ";
    String name = option.substring(2, option.indexOf(' '));

    assertThat(keys(of("run.sh", command + option), FindingCode.NOT_COUNTED)).contains(name);
    for (String other : List.of("--freeze_vision_tower True", "--vision_tower none")) {
      assertThat(of("run.sh", command + other).findings())
          .noneMatch(finding -> finding.message().toString().contains("a model of its own"));
    }
  }
}
