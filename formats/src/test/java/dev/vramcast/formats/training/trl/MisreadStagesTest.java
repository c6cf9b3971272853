package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.sample;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stages that no trainer's name tells. */
class MisreadStagesTest {

  private static final String PROGRAM = "trl/classifier.py";

  @Test
  void a_ratio_of_gamma_is_simpos_which_has_no_reference() {
    assertThat(values(ofSample("trl/simpo.yaml")))
        .containsEntry("objective.stage", "cpo")
        .containsEntry("objective.loss_type", List.of("simpo"))
        .containsEntry("objective.alpha", 0L)
        .containsEntry("batch.sequence_length", 2048);
  }

  /** trl/models/utils.py unwrap_model_for_generation. */
  @Test
  void weights_that_are_not_gathered_for_a_text_are_told_of() {
    String command = "trl grpo --model_name_or_path m --ds3_gather_for_generation ";

    assertThat(keys(of("run.sh", command + "false"), FindingCode.NOT_COUNTED))
        .contains("ds3_gather_for_generation");
    assertThat(keys(of("run.sh", command + "true"), FindingCode.NOT_COUNTED))
        .doesNotContain("ds3_gather_for_generation");
  }

  @Test
  void the_class_of_the_model_tells_a_classifier() {
    assertThat(values(ofSample(PROGRAM)))
        .containsEntry("objective.stage", "classification")
        .containsEntry("objective.labels", 5)
        .containsEntry("method", "lora");
    assertThat(values(of("a.py", sample(PROGRAM).replace("=5", "=len(labels)"))))
        .containsEntry("objective.stage", "classification")
        .doesNotContainKey("objective.labels");
  }

  @Test
  void the_class_of_the_model_tells_a_classifier_of_tokens() {
    String program = sample(PROGRAM).replace("ForSequenceClass", "ForTokenClass");
    assertThat(values(of("a.py", program)))
        .containsEntry("objective.stage", "token-classification")
        .containsEntry("objective.labels", 5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AutoModelForMultipleChoice", "BertForQuestionAnswering"})
  void heads_that_nothing_is_known_of_have_no_figure(String loader) {
    String program =
        sample(PROGRAM).replace("AutoModelForSequenceClassification", loader).replace("SEQ", "TOK");
    assertThat(of("a.py", program).notModelled()).isPresent();
  }

  @Test
  void a_model_of_hidden_words_is_one() {
    String program =
        sample(PROGRAM).replace("AutoModelForSequenceClassification", "AutoModelForMaskedLM");
    assertThat(values(of("a.py", program))).containsEntry("objective.stage", "masked-lm");
  }

  @Test
  void a_model_that_writes_is_trained_where_others_score_it() {
    String program =
        sample(PROGRAM)
            .replace(
                "model = get_peft",
                "policy = AutoModelForCausalLM.from_pretrained(\"Qwen/Qwen3-4B\")\n"
                    + "model = get_peft")
            .replace("    model,", "    wrapped(policy),");
    assertThat(values(of("a.py", program)))
        .containsEntry("model.id", "Qwen/Qwen3-4B")
        .doesNotContainKey("objective.stage");
  }

  @Test
  void the_script_of_online_dpo_is_not_that_of_dpo() {
    String script =
        "#!/bin/sh\npython examples/scripts/dpo_online.py --model_name_or_path a/b"
            + " --reward_model_path c/d --learning_rate 5e-7 --output_dir o --beta 0.1\n";
    assertThat(of("a.sh", script).notModelled()).get().asString().contains("online_dpo");
    assertThat(of("a.sh", script.replace("dpo_online", "dpo")).notModelled()).isEmpty();
  }

  @Test
  void other_readers_know_the_class_too() {
    String unsloth =
        "from unsloth import FastModel\nfrom transformers import Trainer, TrainingArguments\n"
            + "model, t = FastModel.from_pretrained(model_name=\"a/b\", num_labels=6,\n"
            + "    auto_model=AutoModelForSequenceClassification, full_finetuning=True)\n"
            + "Trainer(args=TrainingArguments(per_device_train_batch_size=2)).train()\n";
    assertThat(values(of("a.py", unsloth)))
        .containsEntry("objective.stage", "classification")
        .containsEntry("objective.labels", 6);
    String axolotl =
        "base_model: a/b\nmodel_type: AutoModelForSequenceClassification\nnum_labels: 3\n"
            + "micro_batch_size: 2\nsequence_len: 512\n";
    assertThat(values(of("a.yml", axolotl)))
        .containsEntry("objective.stage", "classification")
        .containsEntry("objective.labels", 3);
  }

  /** trl/trainer/dpo_trainer.py, kto_trainer.py. */
  @Test
  void a_reference_is_the_second_argument_too() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
        other = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
        trainer = DPOTrainer(model, other, args=DPOConfig("o"), peft_config=LoraConfig(r=8))
        """;

    assertThat(values(of("dpo.py", program))).containsEntry("objective.reference", "copy");
    assertThat(values(of("dpo.py", program.replace("(model, other", "(model, None"))))
        .doesNotContainKey("objective.reference");
    assertThat(values(of("kto.py", program.replace("DPO", "KTO"))))
        .containsEntry("objective.reference", "copy");
  }
}
