package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs in Python that call TRL's trainers. */
class TrlProgramsTest {

  private static final String GKD =
      "t = GKDTrainer(model='a/b', teacher_model='c/d', args=GKDConfig(max_length=64, ARGS))\n";

  /** Their whole logits of both models are several times what tiles of logits are. */
  @ParameterizedTest
  @CsvSource({"GKD, gkd", "GOLD, gold"})
  void distillation_with_whole_logits_is_not_that_of_tiles(String name, String loss) {
    Reading reading =
        of(
            "a.py",
            "t = "
                + name
                + "Trainer(model='a/b', teacher_model='c/d', args="
                + name
                + "Config(per_device_train_batch_size=2))\n");

    assertThat(values(reading))
        .containsEntry("objective.stage", "distillation")
        .containsEntry("objective.loss_type", List.of(loss));
  }

  @Test
  void answers_of_the_data_alone_are_generated_by_nobody() {
    Reading reading = of("a.py", GKD.replace("ARGS", "lmbda=0.0"));

    assertThat(values(reading)).containsEntry("generation.engine", "none");
  }

  @Test
  void a_teacher_with_other_tokens_has_a_loss_that_is_not_modelled() {
    Reading reading = of("a.py", GKD.replace("GKD", "GOLD").replace("ARGS", "use_uld_loss=True"));

    assertThat(reading.notModelled()).isPresent();
  }

  @Test
  void a_program_of_the_examples_of_transformers_is_not_trls() {
    Reading reading =
        of(
            "a.sh",
            "torchrun --nproc_per_node 2 examples/run_clm.py --model_name_or_path facebook/opt-125m"
                + " --dataset_name wikitext --per_device_train_batch_size 4\n");

    assertThat(reading.format()).isEqualTo(FormatName.TRANSFORMERS);
  }

  @Test
  void an_example_of_summarisation_says_how_long_both_texts_are() {
    Reading reading =
        of(
            "a.sh",
            "python run_summarization.py --model_name_or_path google-t5/t5-small"
                + " --dataset_name cnn_dailymail --max_source_length 512 --max_target_length 128"
                + " --per_device_train_batch_size 4\n");

    assertThat(reading.format()).isEqualTo(FormatName.TRANSFORMERS);
    assertThat(values(reading))
        .containsEntry("batch.sequence_length", 512)
        .containsEntry("objective.completion_length", 128);
  }

  @ParameterizedTest
  @CsvSource({
    "run_summarization.py, '', 1024, 128",
    "examples/pytorch/translation/run_translation.py, --source_lang en --target_lang ro, 1024, 128",
    "run_translation_no_trainer.py, --max_target_length 64, 1024, 64",
    "run_summarization.py, --max_source_length 256, 256, 128",
  })
  void an_example_of_texts_in_pairs_cuts_where_nobody_says(
      String script, String more, int read, int written) {
    String command = "python %s --model_name_or_path google-t5/t5-small --do_train %s\n";

    assertThat(values(of("a.sh", command.formatted(script, more))))
        .containsEntry("batch.sequence_length", read)
        .containsEntry("objective.completion_length", written);
  }

  @Test
  void what_a_model_with_code_of_its_own_reads_and_writes_is_one_row() {
    String program =
        """
        parser = HfArgumentParser(Seq2SeqTrainingArguments)
        model = AutoModel.from_pretrained("THUDM/chatglm2-6b", trust_remote_code=True)
        def rows(examples):
            texts = tokenizer(examples["q"], max_length=2048, truncation=True)
            answers = tokenizer(text_target=examples["a"], max_length=1024, truncation=True)
        args = Seq2SeqTrainingArguments("out")
        Seq2SeqTrainer(model=model, args=args).train()
        """;

    assertThat(values(of("train.py", program)))
        .containsEntry("batch.sequence_length", 3072)
        .doesNotContainKey("objective.completion_length");
  }

  @Test
  void a_program_of_pairs_of_texts_is_read_with_both_calls_of_its_tokenizer() {
    Reading reading = ofSample("trl/seq2seq.py");

    assertThat(reading.format()).isEqualTo(FormatName.TRANSFORMERS);
    assertThat(values(reading))
        .containsEntry("model.id", "google/flan-t5-xxl")
        .containsEntry("model.quantization.scheme", "int8")
        .containsEntry("lora.targets", List.of("q", "v"))
        .containsEntry("checkpointing", "full")
        .containsEntry("batch.micro_batch", 8)
        .containsEntry("batch.sequence_length", 255)
        .containsEntry("objective.completion_length", 50);
  }

  @Test
  void a_script_on_the_bare_trainer_has_the_trainers_defaults() {
    Reading reading =
        of(
            "run.yaml",
            "model_name_or_path: a/b\nblock_size: 512\nper_device_train_batch_size: 2\n");

    assertThat(reading.format()).isEqualTo(FormatName.TRANSFORMERS);
    assertThat(value(reading, JobKey.SEQUENCE_LENGTH)).isEqualTo(512);
    assertThat(value(reading, JobKey.FRAMEWORK_NAME)).isNull();
    assertThat(reading.document().text(JobKey.FRAMEWORK_NAME)).contains("transformers");
  }

  @Test
  void a_program_is_read_with_pefts_defaults() {
    Reading reading = ofSample("trl/sft.py");

    assertThat(reading.format()).isEqualTo(FormatName.TRL);
    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("model.dtype", "bf16")
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.double_quant", true)
        .containsEntry("lora.rank", 8)
        .containsEntry("lora.alpha", 32L)
        .containsEntry("lora.dropout", 0L)
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"))
        .containsEntry("batch.micro_batch", 4)
        .doesNotContainKey("batch.sequence_length");
    assertThat(reading.document().remarksAbout(JobKey.SEQUENCE_LENGTH)).hasSize(1);
  }

  @Test
  void arguments_that_are_unpacked_are_read_where_the_program_spells_them_out() {
    String program =
        """
        args = dict(per_device_train_batch_size=7, max_length=512)
        trainer = SFTTrainer(model="Qwen/Qwen2.5-7B", args=SFTConfig(**args, **more))
        """;
    Reading reading = Readings.of("train.py", program);

    assertThat(Readings.value(reading, JobKey.MICRO_BATCH)).isEqualTo(7);
    assertThat(Readings.value(reading, JobKey.SEQUENCE_LENGTH)).isEqualTo(512);
    assertThat(Readings.keys(reading, FindingCode.NOT_COUNTED)).contains("**");
  }

  @ParameterizedTest
  @CsvSource({
    "DPOTrainer, dpo",
    "KTOTrainer, kto",
    "BCOTrainer, bco",
    "PRMTrainer, token-classification",
    "ORPOTrainer, orpo",
    "CPOTrainer, cpo",
    "RewardTrainer, reward",
    "GRPOTrainer, grpo",
    "RLOOTrainer, rloo",
    "PPOTrainer, ppo",
    "SFTTrainer,"
  })
  void a_program_of_a_trainer_is_of_its_stage_whatever_its_arguments_are_called(
      String trainer, String stage) {
    Reading reading =
        of(
            "a.py",
            "args = TrainingArguments(per_device_train_batch_size=2)\n"
                + "t = "
                + trainer
                + "(model=\"a/b\", args=args)\n");

    assertThat(reading.format()).isEqualTo(FormatName.TRL);
    assertThat(value(reading, JobKey.STAGE)).isEqualTo(stage);
    assertThat(value(reading, JobKey.MICRO_BATCH)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"OnlineDPO", "NashMD", "XPO", "AsyncGRPO", "MiniLLM"})
  void a_trainer_that_is_of_no_stage_is_not_modelled(String name) {
    Reading reading =
        of("a.py", "t = " + name + "Trainer(args=" + name + "Config(output_dir=''))\n");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("(which passes its trainer runs");
  }

  @Test
  void arguments_that_a_trainer_took_once_are_read() {
    Reading reading =
        of(
            "a.py",
            "t = DPOTrainer(model='a/b', ref_model=ref, beta=0.2, max_length=512,"
                + " max_prompt_length=256, args=TrainingArguments(bf16=True))\n");

    assertThat(values(reading))
        .containsEntry("objective.beta", 0.2)
        .containsEntry("objective.reference", "copy")
        .containsEntry("batch.sequence_length", 512);
  }

  @Test
  void of_a_program_with_two_stages_the_one_that_is_not_supervised_counts() {
    Reading reading =
        of(
            "a.py",
            "s = SFTTrainer(model='a/b', args=SFTConfig(per_device_train_batch_size=4))\n"
                + "t = GRPOTrainer(model='a/b',"
                + " args=GRPOConfig(per_device_train_batch_size=16))\n");

    assertThat(value(reading, JobKey.STAGE)).isEqualTo("grpo");
    assertThat(value(reading, JobKey.MICRO_BATCH)).isEqualTo(16);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"facebook/opt-350m\"', facebook/opt-350m",
    "'model=\"facebook/opt-350m\"', facebook/opt-350m",
    "model, ",
    "model=model, "
  })
  void a_trainer_is_given_its_model_by_name_or_by_place(String model, String expected) {
    String program =
        "from trl import SFTTrainer\nmodel = load()\nt = SFTTrainer(%s, train_dataset=rows)\n"
            .formatted(model);

    assertThat(of("a.py", program).document().text(JobKey.MODEL_ID))
        .isEqualTo(Optional.ofNullable(expected));
  }
}
