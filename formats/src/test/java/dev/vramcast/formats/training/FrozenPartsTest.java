package dev.vramcast.formats.training;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrozenPartsTest {

  private static final String SWIFT = "swift sft --model Qwen/Qwen2.5-VL-7B-Instruct ";
  private static final String FACTORY =
      "model_name_or_path: Qwen/Qwen2.5-VL-7B-Instruct\nstage: sft\ndo_train: true\n"
          + "template: qwen2_vl\n";
  private static final String UNSLOTH =
      "from unsloth import FastVisionModel\n"
          + "m, t = FastVisionModel.from_pretrained('unsloth/Qwen2.5-VL-7B-Instruct')\n"
          + "m = FastVisionModel.get_peft_model(m, r=16, ";

  private static Object frozen(Reading reading) {
    return String.valueOf(values(reading).get("frozen"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--tuner_type full | null",
        "--tuner_type full --freeze_vit false | [projectors]",
        "--tuner_type full --freeze_aligner false | [towers]",
        "--tuner_type full --freeze_vit true | [towers, projectors]",
        "--target_modules all-linear | null",
        "--target_modules q_proj v_proj --freeze_vit false | null",
      })
  void ms_swift_freezes_encoders_where_nobody_says_otherwise(String options, String expected) {
    assertThat(frozen(of("a.sh", SWIFT + options + "\n"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "freeze_vision_tower: false, [projectors]",
    "freeze_multi_modal_projector: false, [towers]",
  })
  void llama_factorys_switches_are_two(String line, String expected) {
    Reading reading = of("a.yaml", FACTORY + "finetuning_type: full\n" + line + "\n");

    assertThat(frozen(reading)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "p.requires_grad = \"bias\" in name | true",
        "if not name.endswith(\".bias\"): p.requires_grad = False | true",
        "p.requires_grad = name in WANTED | false",
      })
  void training_of_biases_alone_is_not_counted_as_that_of_all(String line, boolean biases) {
    Reading reading =
        of(
            "a.py",
            """
            from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
            model = AutoModelForCausalLM.from_pretrained("a/b")
            for name, p in model.named_parameters():
                %s
            Trainer(model=model, args=TrainingArguments("o")).train()
            """
                .formatted(line));

    assertThat(reading.notModelled().isPresent()).isEqualTo(biases);
    assertThat(reading.findings())
        .extracting(Object::toString)
        .filteredOn(found -> found.contains("counted as trained"))
        .hasSize(biases ? 0 : 1);
  }

  @Test
  void unsloth_leaves_modules_out() {
    assertThat(frozen(of("a.py", UNSLOTH + "finetune_vision_layers=False)\n")))
        .isEqualTo("[towers, projectors]");
    assertThat(values(of("a.py", UNSLOTH + "finetune_mlp_modules=False)\n")))
        .containsEntry("lora.targets", List.of("q_proj", "k_proj", "v_proj", "o_proj"));
  }

  /** As of Axolotl's examples/gemma4-unified/12b-text-lora.yaml, and one that towers match too. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'model.language_model.layers.[\\d]+.(mlp|self_attn).(up|down|gate|q|k|v|o)_proj'; true",
        "'.*\\.(q|k)_proj$'; false",
        "'^(?!.*vision).*layers.\\d+.mlp.gate_proj'; false",
      })
  void a_pattern_of_the_language_model_alone_leaves_towers_as_they_are(String text, boolean all) {
    Reading reading =
        of(
            "a.yml",
            "base_model: a/b\nmicro_batch_size: 1\nadapter: lora\nlora_r: 8\n"
                + "lora_target_modules: '"
                + text
                + "'\n");

    assertThat(frozen(reading)).isEqualTo(all ? "[towers, projectors]" : "null");
  }
}
