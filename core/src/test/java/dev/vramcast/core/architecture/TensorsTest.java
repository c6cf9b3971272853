package dev.vramcast.core.architecture;

import static dev.vramcast.core.architecture.Configs.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class TensorsTest {

  private static final String QWEN3_30B =
      "qwen3_moe 151936 2048 6144 48 32 4 head_dim=128 num_experts=128 num_experts_per_tok=8"
          + " moe_intermediate_size=768";
  private static final String MIXTRAL_8X7B =
      "mixtral 32000 4096 14336 32 32 8 num_local_experts=8 num_experts_per_tok=2";

  @Test
  void active_parameters_count_only_the_experts_a_token_visits() {
    assertThat(Tensors.activeCount(read(QWEN3_30B))).isEqualTo(3_353_032_704L);
    assertThat(Tensors.activeCount(read(MIXTRAL_8X7B))).isEqualTo(12_879_925_248L);
  }

  @Test
  void active_parameters_without_the_input_table_are_the_published_ones() {
    Architecture model = read(QWEN3_30B);

    assertThat(Tensors.activeCount(model) - model.embeddings().token().parameterCount())
        .isEqualTo(3_041_867_776L);
  }

  @Test
  void every_parameter_of_a_dense_model_is_active() {
    Architecture model = read("llama small");

    assertThat(Tensors.activeCount(model)).isEqualTo(Tensors.count(model));
  }

  @Test
  void the_largest_parameter_is_found_without_writing_layers_out() {
    for (String model :
        List.of(QWEN3_30B, MIXTRAL_8X7B, "llama small", "llama 100 64 4096 3 4 4")) {
      long written =
          Tensors.of(read(model)).stream().mapToLong(ParameterTensor::count).max().orElseThrow();

      assertThat(Tensors.largestCount(read(model))).as(model).isEqualTo(written);
    }
  }

  @Test
  void names_are_those_of_the_checkpoint() {
    assertThat(names("llama small num_hidden_layers=1"))
        .containsExactlyInAnyOrder(
            "model.embed_tokens.weight",
            "model.layers.0.self_attn.q_proj.weight",
            "model.layers.0.self_attn.k_proj.weight",
            "model.layers.0.self_attn.v_proj.weight",
            "model.layers.0.self_attn.o_proj.weight",
            "model.layers.0.mlp.gate_proj.weight",
            "model.layers.0.mlp.up_proj.weight",
            "model.layers.0.mlp.down_proj.weight",
            "model.layers.0.input_layernorm.weight",
            "model.layers.0.post_attention_layernorm.weight",
            "model.norm.weight",
            "lm_head.weight");
  }

  @Test
  void a_tied_head_has_no_tensor_of_its_own() {
    assertThat(names("llama small tie_word_embeddings=true"))
        .contains("model.embed_tokens.weight")
        .doesNotContain("lm_head.weight");
  }

  @Test
  void a_tied_head_keeps_its_bias() {
    assertThat(names("bert small architectures=[BertForMaskedLM] num_key_value_heads=absent"))
        .contains("cls.predictions.decoder.bias", "cls.predictions.transform.dense.weight")
        .doesNotContain("cls.predictions.decoder.weight");
  }

  @Test
  void experts_are_single_modules_or_one_tensor_as_they_were_written_first() {
    assertThat(names("mixtral small num_local_experts=2"))
        .contains(
            "model.layers.5.block_sparse_moe.gate.weight",
            "model.layers.5.block_sparse_moe.experts.1.w1.weight",
            "model.layers.5.block_sparse_moe.experts.1.w3.weight",
            "model.layers.5.block_sparse_moe.experts.1.w2.weight");
    assertThat(names("gpt_oss small num_local_experts=4 head_dim=16"))
        .contains(
            "model.layers.0.mlp.router.bias",
            "model.layers.0.mlp.experts.gate_up_proj",
            "model.layers.0.mlp.experts.gate_up_proj_bias",
            "model.layers.0.mlp.experts.down_proj",
            "model.layers.0.self_attn.sinks");
    assertThat(names("granitemoe small num_local_experts=4"))
        .contains(
            "model.layers.0.block_sparse_moe.router.layer.weight",
            "model.layers.0.block_sparse_moe.input_linear.weight",
            "model.layers.0.block_sparse_moe.output_linear.weight");
  }

  @Test
  void the_score_correction_of_deepseek_is_no_parameter() {
    assertThat(
            names(
                "deepseek_v3 small n_routed_experts=4 num_experts_per_tok=2"
                    + " moe_intermediate_size=8"))
        .noneMatch(name -> name.contains("e_score_correction_bias"));
  }

  @Test
  void each_tensor_belongs_to_a_group() {
    var groups =
        Tensors.of(read("qwen2_vl small vision_config={depth=1}")).stream()
            .collect(Collectors.groupingBy(ParameterTensor::group, Collectors.counting()));

    assertThat(groups)
        .containsOnlyKeys(
            TensorGroup.EMBEDDING,
            TensorGroup.ATTENTION,
            TensorGroup.MLP,
            TensorGroup.NORM,
            TensorGroup.HEAD,
            TensorGroup.TOWER);
    assertThat(Tensors.of(read(MIXTRAL_8X7B)))
        .extracting(ParameterTensor::group)
        .contains(TensorGroup.ROUTER, TensorGroup.EXPERTS);
  }

  @Test
  void counting_does_not_depend_on_depth() {
    Architecture deep = read("llama small num_hidden_layers=10000");

    assertThat(deep.layers()).hasSize(1);
    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          for (int i = 0; i < 10_000; i++) {
            Tensors.count(deep);
          }
        });
  }

  private static List<String> names(String config) {
    return Tensors.of(read(config)).stream().map(ParameterTensor::name).toList();
  }
}
