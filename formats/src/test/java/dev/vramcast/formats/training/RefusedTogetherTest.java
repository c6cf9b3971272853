package dev.vramcast.formats.training;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.layer.TrainedLayers.Place;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that a framework does not take beside each other, or calls otherwise. */
class RefusedTogetherTest {

  private static Reading axolotl(String more) {
    return of(
        "a.yml",
        "base_model: a/b\nmicro_batch_size: 1\ngradient_accumulation_steps: 1\nsequence_len: 8\n"
            + more);
  }

  private static Reading factory(String more) {
    return of(
        "f.yaml",
        "model_name_or_path: a/b\nstage: sft\ndo_train: true\ntemplate: llama3\ncutoff_len: 8\n"
            + more);
  }

  @Test
  void of_two_precisions_axolotl_takes_bf16_and_llama_factory_none() {
    for (String bf16 : List.of("true", "full")) {
      Reading both = axolotl("bf16: " + bf16 + "\nfp16: true\n");
      assertThat(keys(both, FindingCode.IGNORED_KEY)).contains("fp16");
      assertThat(keys(both, FindingCode.REFUSED)).isEmpty();
    }
    assertThat(keys(axolotl("bf16: auto\nfp16: true\n"), FindingCode.IGNORED_KEY)).isEmpty();
    assertThat(keys(factory("bf16: true\nfp16: true\n"), FindingCode.REFUSED)).contains("fp16");
  }

  @Test
  void two_widths_are_not_taken_at_once() {
    Reading both = axolotl("adapter: lora\nlora_r: 8\nload_in_8bit: true\nload_in_4bit: true\n");
    assertThat(keys(both, FindingCode.IGNORED_KEY)).contains("load_in_4bit");
    Reading program =
        of("run.sh", "trl sft --model_name_or_path a/b --use_peft --load_in_4bit --load_in_8bit");
    assertThat(keys(program, FindingCode.REFUSED)).contains("load_in_8bit");
  }

  @Test
  void a_quantised_model_without_adapters_stops_where_its_framework_does() {
    List<Reading> all =
        List.of(
            axolotl("load_in_4bit: true\n"),
            factory("finetuning_type: full\nquantization_bit: 4\n"),
            of("run.sh", "trl sft --model_name_or_path a/b --load_in_8bit"),
            of("sft.sh", "swift sft --model a/b --tuner_type full --quant_bits 4"));
    for (Reading reading : all) {
      assertThat(reading.unreadable()).containsOnlyKeys(JobKey.METHOD);
      assertThat(keys(reading, FindingCode.REFUSED)).hasSize(1);
    }
    Reading megatron = of("m.sh", "megatron sft --model a/b --tuner_type full --quant_bits 4");
    assertThat(megatron.unreadable()).isEmpty();
  }

  @Test
  void an_evaluation_of_no_rows_is_refused_or_does_nothing() {
    assertThat(keys(axolotl("eval_strategy: steps\nval_set_size: 0\n"), FindingCode.REFUSED))
        .contains("eval_strategy");
    assertThat(keys(axolotl("eval_steps: 10\n"), FindingCode.IGNORED_KEY)).contains("eval_steps");
    assertThat(keys(axolotl("eval_steps: 10\nval_set_size: 0.1\n"), FindingCode.IGNORED_KEY))
        .doesNotContain("eval_steps");
    assertThat(keys(factory("eval_strategy: steps\n"), FindingCode.REFUSED))
        .contains("eval_strategy");
    for (String rows : List.of("val_size: 0.1", "eval_dataset: a", "tokenized_path: saves/rows")) {
      assertThat(keys(factory("eval_strategy: steps\n" + rows + "\n"), FindingCode.REFUSED))
          .isEmpty();
    }
  }

  @Test
  void a_name_of_other_trainers_is_meant_as_this_ones_own() {
    assertThat(axolotl("adapter: lora\nlora_rank: 8\n").findings())
        .anyMatch(
            finding ->
                finding.code() == FindingCode.MISSPELT_KEY
                    && finding.message().toString().contains("Did you mean 'lora_r'?"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "freeze_trainable_layers: 0",
        "freeze_trainable_layers: -2\nuse_llama_pro: true",
        "freeze_trainable_modules: self_attn",
        "freeze_extra_modules: embed_tokens,norm"
      })
  void what_is_trained_beside_whole_layers_is_not_modelled(String key) {
    assertThat(factory("finetuning_type: freeze\n" + key + "\n").notModelled()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora", "oft"})
  void adapters_in_expanded_layers_alone_are_not_modelled(String type) {
    String file = "finetuning_type: " + type + "\nfreeze_trainable_layers: 8\nuse_llama_pro: ";

    assertThat(factory(file + "true\n").notModelled()).isNotEmpty();
    assertThat(factory(file + "false\n").notModelled()).isEmpty();
  }

  @Test
  void last_layers_are_trained_as_many_as_a_file_of_llama_factory_names() {
    Reading eight = factory("finetuning_type: freeze\nfreeze_trainable_layers: 8\n");

    assertThat(eight.notModelled()).isEmpty();
    assertThat(eight.document().value(JobKey.TRAINABLE_LAYERS, Integer.class)).contains(8);
    assertThat(eight.document().value(JobKey.TRAINABLE_PLACE, Place.class)).isEmpty();
  }

  @Test
  void layers_of_the_new_engine_are_read_in_its_section() {
    String file = "model: a/b\npeft_config:\n  name: freeze\n  freeze_trainable_layers: ";
    Reading first = of("v1.yaml", file + "-1\n");

    assertThat(first.format()).isEqualTo(FormatName.LLAMA_FACTORY_V1);
    assertThat(first.document().value(JobKey.TRAINABLE_LAYERS, Integer.class)).contains(1);
    assertThat(first.document().value(JobKey.TRAINABLE_PLACE, Place.class)).contains(Place.FIRST);
    assertThat(of("v1.yaml", file + "2\n  freeze_trainable_modules: mlp\n").notModelled())
        .isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'freeze_trainable_layers: -3', 3, FIRST",
    "'freeze_trainable_layers: 8\nuse_llama_pro: true', 8, SPREAD"
  })
  void first_layers_and_those_of_an_expanded_model_are_read(String keys, int count, Place place) {
    Reading reading = factory("finetuning_type: freeze\n" + keys + "\n");

    assertThat(reading.notModelled()).isEmpty();
    assertThat(reading.document().value(JobKey.TRAINABLE_LAYERS, Integer.class)).contains(count);
    assertThat(reading.document().value(JobKey.TRAINABLE_PLACE, Place.class)).contains(place);
  }
}
