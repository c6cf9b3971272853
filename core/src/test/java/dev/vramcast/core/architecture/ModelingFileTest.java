package dev.vramcast.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelingFileTest {

  private static final String SIZES = " 512 64 128 2 4 2 num_experts=4 num_local_experts=4";

  private static ModelingFile file(String model) {
    return Configs.read(model).modelingFile();
  }

  @ParameterizedTest
  @CsvSource({
    "llama, llama, LlamaDecoderLayer",
    "qwen2_moe, qwen2_moe, Qwen2MoeDecoderLayer",
    "gpt_neox, gpt_neox, GPTNeoXLayer",
    "xlm-roberta, xlm_roberta, XLMRobertaLayer",
    "qwen2_5_vl_text, qwen2_5_vl, Qwen2_5_VLDecoderLayer",
    "mistral, mistral, MistralDecoderLayer",
  })
  void a_model_has_its_file_and_classes_in_transformers(String type, String folder, String layer) {
    ModelingFile file =
        file(
            type
                + SIZES
                + " num_experts_per_tok=2 moe_intermediate_size=32"
                + " shared_expert_intermediate_size=32");

    assertThat(file.path())
        .isEqualTo("transformers/models/" + folder + "/modeling_" + folder + ".py");
    assertThat(file.prefix() + file.layer()).isEqualTo(layer);
  }

  @Test
  void code_that_comes_with_a_model_is_in_no_folder_of_transformers() {
    assertThat(file("internlm2" + SIZES).path()).isEqualTo("modeling_internlm2.py");
  }

  @Test
  void a_model_with_encoders_has_the_layers_of_its_text_model() {
    ModelingFile file = file("llava text_config={ model_type=llama" + SIZES + " }");

    assertThat(file).isEqualTo(file("llama" + SIZES));
  }

  @Test
  void experts_have_a_class_of_their_own() {
    ModelingFile file = file("granitemoe" + SIZES + " num_experts_per_tok=2");

    assertThat(file.prefix() + file.mixture()).isEqualTo("GraniteMoeMoE");
  }
}
