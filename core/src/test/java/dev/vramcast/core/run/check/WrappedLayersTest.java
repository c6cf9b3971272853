package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.code.WrappedLayers;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.run.Estimates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The classes of layers that accelerate's FSDP looks up. */
class WrappedLayersTest {

  private static final String GEMMA =
      "gemma3 text_config={gemma3_text small head_dim=16} vision_config={num_hidden_layers=2}";

  private static void estimate(String config, String strategy, String flags) {
    Estimates.whole(
        Configs.read(config), "--method full --count 2 --strategy " + strategy + " " + flags);
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3_5_text, 5.24, fsdp2, trl, Qwen3_5VisionBlock",
    "qwen3_5_text, 5.24, fsdp1, transformers, Qwen3_5VisionBlock",
    "gemma3_text, 4.57, fsdp2, axolotl, SiglipEncoderLayer",
    "gemma3_text, 4.51, fsdp1, trl, SiglipEncoderLayer"
  })
  void a_listed_layer_that_the_model_lacks_stops_the_job(
      String type, String release, String strategy, String framework, String layer) {
    String flags = "--layer-classes auto --framework " + framework + " --transformers " + release;
    assertThatThrownBy(() -> estimate(type + " small head_dim=16", strategy, flags))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("parallelism.strategy is " + strategy + ", for which accelerate")
        .hasMessageContaining("the layer class " + layer + " of the model's list");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gemma3 text_config={gemma3_text small head_dim=16} | Gemma3",
        "llava text_config={llama small} | Llama",
        "llava text_config={qwen2 small} vision_config={siglip_vision_model} | Qwen2",
        "gemma4_text small head_dim=16 global_head_dim=16 | Gemma4Text",
        "minimax_m3_vl_text small head_dim=16 | MiniMaxM3VL"
      })
  void the_class_that_accelerate_is_to_be_told_is_named_and_mends_it(String config, String prefix) {
    String layer = prefix + "DecoderLayer";
    String listed = "--transformers 5.24 --layer-classes auto";
    assertThatThrownBy(() -> estimate(config, "fsdp2", listed))
        .hasMessageEndingWith(
            "allowed: zero3, or parallelism.layer_classes (transformer_layer_cls_to_wrap) "
                + layer);
    assertThatCode(() -> estimate(config, "fsdp2", "--transformers 5.24 --layer-classes " + layer))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "4.45, is fsdp1",
    "4.51, LlavaVisionAttention",
    "4.52, names none",
    "4.56, names none"
  })
  void what_lists_of_llava_named_changed_in_4_52(String release, String said) {
    String flags = "--layer-classes auto --transformers " + release;
    assertThatThrownBy(() -> estimate("llava text_config={llama small}", "fsdp1", flags))
        .hasMessageContaining(said);
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3_5_text, 5.24, zero3, trl",
    "qwen3_5_text, 5.24, fsdp2, torchtitan",
    "gemma3_text, 5.24, fsdp2, trl",
    "qwen3, 5.24, fsdp2, trl"
  })
  void nothing_stops_where_no_layer_is_looked_for_or_all_are_found(
      String type, String release, String strategy, String framework) {
    String flags = "--framework " + framework + " --transformers " + release;
    assertThatCode(() -> estimate(type + " small head_dim=16", strategy, flags))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gemma3 text_config={gemma3_text small head_dim=16} | 5.24 | SiglipTextEmbeddings"
            + " | Gemma3DecoderLayer",
        "gemma4_text small head_dim=16 global_head_dim=16 | 5.24 | Gemma4VisionEncoderLayer"
            + " | Gemma4TextDecoderLayer",
        "llava text_config={llama small} | 4.57 | names none | LlamaDecoderLayer"
      })
  void a_job_that_does_not_say_what_is_looked_up_is_taken_to_name_the_layers_of_the_decoder(
      String config, String release, String lacking, String layer) {
    assertThat(
            Remark.sentences(
                Estimates.whole(
                        Configs.read(config),
                        "--method full --count 2 --strategy fsdp2 --transformers " + release)
                    .assumptions()))
        .anyMatch(
            said ->
                said.startsWith("Under accelerate's FSDP ")
                    && said.contains(lacking)
                    && said.contains(" names others: " + layer + ", as is taken here."));
  }

  /** peft/utils/other.py fsdp_auto_wrap_policy, which accelerate uses under FSDP1 alone. */
  @Test
  void a_list_that_names_no_layers_stops_what_does_not_look_among_parts() {
    Architecture bert = Configs.read("bert small");
    ResolvedJob adapters = Estimates.job("--method lora --transformers 4.57.6");
    ResolvedJob full = Estimates.job("--method full --transformers 4.57.6");

    assertThat(Strategy.values())
        .filteredOn(strategy -> WrappedLayers.stops(strategy, bert, adapters))
        .containsExactly(Strategy.FSDP2);
    assertThat(Strategy.values())
        .filteredOn(strategy -> WrappedLayers.stops(strategy, bert, full))
        .containsExactly(Strategy.FSDP1, Strategy.FSDP2);
  }

  @Test
  void a_named_class_of_another_model_stops_the_job() {
    assertThatThrownBy(() -> estimate("qwen3 small", "fsdp2", "--layer-classes Qwen2DecoderLayer"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "parallelism.layer_classes has 'Qwen2DecoderLayer', but no module of this qwen3 model"
                + " is of that class, and accelerate stops where it finds none, allowed:"
                + " Qwen3DecoderLayer. Did you mean 'Qwen3DecoderLayer'?");
  }

  @ParameterizedTest
  @CsvSource({
    "Qwen3MLP, 'parallelism.layer_classes Qwen3MLP is not modelled yet, modelled:"
        + " Qwen3DecoderLayer'",
  })
  void a_class_of_which_nothing_is_known_is_not_modelled(String name, String message) {
    assertThatThrownBy(() -> estimate("qwen3 small", "fsdp1", "--layer-classes " + name))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llava text_config={llama small} | 4.57 | LlamaDecoderLayer",
        "bert small | 4.57 | BertLayer",
        "electra small | 5.24 | ElectraLayer",
      })
  void a_list_without_layers_gathers_all_of_them_which_is_not_modelled(
      String config, String release, String layer) {
    String flags = "--transformers " + release;
    assertThatThrownBy(() -> estimate(config, "fsdp2", flags + " --layer-classes auto"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("so that all are gathered at once")
        .hasMessageContaining("parallelism.layer_classes " + layer);
    assertThatCode(() -> estimate(config, "fsdp2", flags + " --layer-classes " + layer))
        .doesNotThrowAnyException();
  }

  @Test
  void peft_looks_for_layers_in_the_lists_of_parts_too() {
    String flags = "--method lora --count 2 --strategy %s --transformers 4.57 --layer-classes auto";
    String llava = "llava text_config={llama small}";
    assertThatCode(() -> Estimates.whole(Configs.read(llava), flags.formatted("fsdp1")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> Estimates.whole(Configs.read(llava), flags.formatted("fsdp2")))
        .isInstanceOf(UnsupportedJobException.class);
  }

  @Test
  void a_tower_alone_is_not_modelled() {
    assertThatThrownBy(() -> estimate(GEMMA, "fsdp2", "--layer-classes SiglipEncoderLayer"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("without the decoder layer's");
  }
}
