package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.Category;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardChecksTest {

  private static final Architecture MIXTRAL =
      Estimates.model("mixtral", Map.of("num_local_experts", 8, "num_experts_per_tok", 2));

  private static void assertRefused(String flags, String message) {
    assertThatThrownBy(() -> Estimates.of(Estimates.llama(false), flags))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--strategy none --tensor 16 | parallelism.tensor is 16, which does not divide the model's"
            + " 8 attention heads, allowed: 1, 2, 4, 8",
        "--strategy none --tensor 4 | parallelism.tensor is 4, which does not divide the model's 2"
            + " key and value heads, allowed: 1, 2",
        "--count 3 --strategy none --tensor 3 | parallelism.tensor is 3, which does not divide the"
            + " model's 8 attention heads, allowed: 1, 2, 4, 8",
        "--count 4 --strategy fsdp2 --expert 4 | parallelism.expert is 4, but the llama model has"
            + " no experts, allowed: 1",
        "--count 6 --strategy fsdp2 --context 3 | parallelism.context is 3, but"
            + " batch.sequence_length 512 is not a multiple of 6, allowed: lengths divisible by 6",
        "--count 2 --strategy fsdp2 --context 2 --attention eager | attention is eager, but"
            + " parallelism.context 2 drops the mask that it needs, allowed: sdpa, flash, flex",
        "--count 16 --strategy zero3 --context 16 | parallelism.context is 16, but"
            + " parallelism.sequence_scheme ulysses divides 8 heads and 2 of keys and values,"
            + " allowed: a divisor of both, or a multiple of the latter that divides the former",
        "--count 4 --strategy fsdp1 --tensor 2 | parallelism.tensor is 2, but parallelism.strategy"
            + " fsdp1 has"
            + " one flat parameter a layer, which only shards, allowed: 1, or parallelism.strategy"
            + " fsdp2",
        "--count 4 --strategy fsdp1 --context 2 | parallelism.context is 2, but"
            + " parallelism.strategy fsdp1 has"
            + " one flat parameter a layer, which only shards, allowed: 1, or parallelism.strategy"
            + " fsdp2",
      })
  void ways_that_do_not_divide_the_model_are_refused(String flags, String message) {
    assertRefused(flags, message);
  }

  @Test
  void experts_that_do_not_divide_evenly_are_refused() {
    assertThatThrownBy(() -> Estimates.of(MIXTRAL, "--count 3 --strategy fsdp2 --expert 3"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "parallelism.expert is 3, which does not divide the model's 8 experts, allowed: 1, 2,"
                + " 4, 8");
  }

  @Test
  void an_uneven_share_of_tokens_is_refused_where_rows_of_experts_are_not_known() {
    String uneven = " --strategy fsdp2 --expert-imbalance 2 --framework ";

    assertThatThrownBy(() -> Estimates.of(MIXTRAL, "--count 4 --expert 4" + uneven + "trl"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("parallelism.expert_imbalance 2");
    assertThatCode(() -> Estimates.of(MIXTRAL, "--count 4" + uneven + "trl"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "fsdp2 --framework torchtitan --expert 4",
    "fsdp2 --framework torchtitan",
    "megatron --expert 4"
  })
  void a_rank_cannot_get_more_tokens_than_if_it_had_every_expert(String spread) {
    String flags = "--count 4 --method full --expert-imbalance 9 --strategy " + spread;

    assertThatThrownBy(() -> Estimates.of(MIXTRAL, flags))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "parallelism.expert_imbalance is 9, but the model has 8 experts, allowed: 1 to 8");
  }

  @ParameterizedTest
  @CsvSource({"nf4", "int8", "gptq-int4", "awq-int4"})
  void packed_weights_cannot_be_divided_by_rows_or_columns(String scheme) {
    assertRefused(
        "--count 2 --strategy none --tensor 2 --quantization " + scheme,
        "parallelism.tensor is 2, but "
            + scheme
            + " weights are packed and have no rows or columns to divide, allowed: 1, or"
            + " model.quantization.scheme none");
  }

  /** torch/distributed/fsdp/_fully_shard/_fsdp_param_group.py _init_mp_dtypes. */
  @Test
  void weights_that_stay_fp32_are_not_trained_beside_others_under_fsdp2() {
    Architecture model = Estimates.model("deepseek_v4", Map.of("n_routed_experts", 8));
    String flags = "--count 2 --attention eager --transformers 5.24 --strategy ";

    assertThatThrownBy(() -> Estimates.of(model, flags + "fsdp2 --method full --precision bf16"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "parallelism.strategy is fsdp2, which wants weights of one dtype, but of this"
                + " deepseek_v4 model norms and connections stay fp32 beside bf16, allowed: ddp,"
                + " zero3, or weights in fp32");
    assertThatCode(() -> Estimates.of(model, flags + "fsdp2 --method lora --targets q_b_proj"))
        .doesNotThrowAnyException();
    assertThatCode(() -> Estimates.of(model, flags + "ddp --method full --precision bf16"))
        .doesNotThrowAnyException();
  }

  /** And torch/distributed/fsdp/_flat_param.py _validate_tensors_to_flatten. */
  @ParameterizedTest
  @CsvSource({
    "glm4_moe, 5.24, fsdp2 --method full --precision bf16, 'ddp, zero3, or weights in fp32'",
    "glm4_moe, 5.24, fsdp1 --method lora, 'fsdp2, ddp'",
    "deepseek_v2, 5.24, fsdp1 --method lora, 'fsdp2, ddp'",
    "ernie4_5_moe, 5.24, fsdp1 --method lora, 'fsdp2, ddp'",
    "hunyuan_v1_moe, 5.24, fsdp1 --method lora, 'fsdp2, ddp'",
  })
  void routers_that_stay_fp32_are_not_divided_beside_others(
      String type, String release, String flags, String allowed) {
    assertThatThrownBy(() -> shardMixture(type, release, flags))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "wants weights of one dtype, but of this " + type + " model routers stay fp32 beside")
        .hasMessageEndingWith("allowed: " + allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "glm4_moe, 5.23, fsdp2 --method full --precision bf16",
    "glm4_moe, 5.24, fsdp2 --method full --precision bf16-mixed",
    "glm4_moe, 5.24, fsdp2 --method lora",
    "glm4_moe, 5.24, ddp --method full --precision bf16",
  })
  void routers_of_the_others_dtype_or_not_trained_are(String type, String release, String flags) {
    assertThatCode(() -> shardMixture(type, release, flags)).doesNotThrowAnyException();
  }

  private static void shardMixture(String type, String release, String flags) {
    Map<String, Object> keys =
        Map.ofEntries(
            Map.entry("moe_intermediate_size", 256),
            Map.entry("n_routed_experts", 8),
            Map.entry("num_experts", 8),
            Map.entry("moe_num_experts", 8),
            Map.entry("num_experts_per_tok", 2),
            Map.entry("moe_topk", 2),
            Map.entry("moe_k", 2),
            Map.entry("first_k_dense_replace", 1));
    Estimates.of(
        Estimates.model(type, keys),
        "--count 2 --model-dtype bf16 --targets q_proj --transformers "
            + release
            + " --strategy "
            + flags);
  }

  @Test
  void zero3_is_modelled_of_several_streams_in_full_alone() {
    Architecture model = Estimates.model("deepseek_v4", Map.of("n_routed_experts", 8));
    String flags = "--count 2 --attention eager --transformers 5.24 --strategy zero3 --method ";

    assertThatThrownBy(() -> Estimates.of(model, flags + "lora --targets q_b_proj"))
        .hasMessageContaining("of adapters on layers with several streams of hidden states");
    assertThatCode(() -> Estimates.of(model, flags + "full")).doesNotThrowAnyException();
  }

  @Test
  void attention_to_chosen_blocks_is_not_divided() {
    Architecture model =
        Estimates.model(
            "minimax_m3_vl_text",
            Map.of("layer_types", Collections.nCopies(6, "minimax_m3_sparse")));
    String flags = "--count 2 --transformers 5.24 --strategy ";

    assertThatThrownBy(() -> Estimates.of(model, flags + "none --tensor 2"))
        .hasMessageContaining(
            "of attention to chosen keys (which of their features are divided) is not modelled");
    assertThatThrownBy(() -> Estimates.of(model, flags + "fsdp2 --context 2"))
        .hasMessageContaining("of attention to chosen blocks of keys is not modelled");
  }

  @ParameterizedTest
  @CsvSource({"stable-adamw", "adagrad", "rmsprop", "schedule-free-sgd", "schedule-free-radam"})
  void some_optimizers_are_described_on_whole_parameters_alone(String optimizer) {
    String flags = "--count 2 --method full --optimizer " + optimizer + " --strategy ";

    assertThatThrownBy(() -> Estimates.of(Estimates.llama(false), flags + "fsdp2"))
        .hasMessageContaining(
            "optimizer.name " + optimizer + " under parallelism.strategy fsdp2 is not modelled");
    assertThat(Estimates.of(Estimates.llama(false), flags + "ddp").allocatedBytes()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "adamw-8bit, 'adamw, or optimizer.implementation torchao'",
    "paged-adamw-8bit, 'adamw, or adamw-8bit with optimizer.implementation torchao'",
    "lion-8bit, 'adamw, or adamw-8bit with optimizer.implementation torchao'",
    "ademamix, 'adamw, or adamw-8bit with optimizer.implementation torchao'"
  })
  void bitsandbytes_updates_no_dtensor(String optimizer, String allowed) {
    assertRefused(
        "--count 2 --strategy fsdp2 --optimizer " + optimizer,
        "optimizer.name is "
            + optimizer
            + " of bitsandbytes, whose kernels take no DTensor, but parallelism.strategy fsdp2 has"
            + " no other parameters, allowed: "
            + allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "galore, fsdp1, 'projects matrices, of which it has flat parts'",
    "apollo, fsdp1, 'projects matrices, of which it has flat parts'",
    "apollo, fsdp2, 'looks for the seed of parameters that it was not made with'",
    "adafactor, fsdp2, 'adds DTensors to plain tensors of its own'"
  })
  void some_optimizers_stop_on_divided_parameters(
      String optimizer, String strategy, String reason) {
    assertRefused(
        "--count 2 --framework transformers --method full --optimizer "
            + optimizer
            + " --strategy "
            + strategy,
        "optimizer.name is "
            + optimizer
            + ", but under parallelism.strategy "
            + strategy
            + " it "
            + reason
            + ", allowed: another optimizer, or parallelism.strategy none, ddp");
  }

  @ParameterizedTest
  @CsvSource({"fsdp1", "fsdp2"})
  void integer_parameters_cannot_be_sharded(String strategy) {
    assertRefused(
        "--count 2 --quantization int8 --strategy " + strategy,
        "model.quantization.scheme is int8, but parallelism.strategy "
            + strategy
            + " shards floating-point parameters and bitsandbytes' are integers, allowed: nf4,"
            + " fp4, none, or parallelism.strategy ddp");
  }

  /** axolotl/monkeypatch/fsdp2_qlora.py keeps their class and scales through FSDP2. */
  @Test
  void axolotl_shards_integer_parameters_under_fsdp2_alone() {
    String flags = "--framework axolotl --method lora --quantization int8 --strategy ";
    long whole = weights(flags + "none");

    assertThat(weights("--count 2 " + flags + "fsdp2")).isLessThan(whole);
    assertThatThrownBy(() -> weights("--count 2 " + flags + "fsdp1"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("shards floating-point parameters");
  }

  private static long weights(String flags) {
    return Estimates.of(Estimates.llama(false), flags).breakdown().get(Category.WEIGHTS);
  }

  @ParameterizedTest
  @CsvSource({"fsdp1", "fsdp2"})
  void the_optimizer_steps_where_the_shards_are(String strategy) {
    assertRefused(
        "--count 2 --offload optimizer --strategy " + strategy,
        "parallelism.offload has optimizer, but parallelism.strategy "
            + strategy
            + " steps where it keeps the shards, allowed: parameters, which takes the optimizer"
            + " along, activations");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none | 1 | parameters | fsdp1, fsdp2, zero3",
        "none | 1 | optimizer | zero1, zero2, zero3",
        "ddp | 2 | optimizer | zero1, zero2, zero3"
      })
  void whole_copies_offload_activations_alone(
      String strategy, int gpus, String offload, String others) {
    String flags = "--strategy " + strategy + " --count " + gpus + " --offload " + offload;
    assertThatThrownBy(() -> Estimates.of(Estimates.llama(false), flags))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(
            "parallelism.offload "
                + offload
                + " under parallelism.strategy "
                + strategy
                + " is not modelled yet, modelled: activations, or parallelism.strategy "
                + others);
    for (String other : others.split(", ")) {
      String instead = "--strategy " + other + " --count " + gpus + " --offload " + offload;
      assertThatCode(() -> Estimates.of(Estimates.llama(false), instead))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void pipelines_are_of_megatron_or_of_pytorchs_stages() {
    assertThatThrownBy(
            () -> Estimates.of(Estimates.llama(false), "--count 4 --strategy ddp --pipeline 2"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(
            "parallelism.pipeline 2 under parallelism.strategy ddp (what a stage holds of"
                + " micro-batches in flight) is not modelled yet, modelled: parallelism.strategy"
                + " megatron, fsdp2, none");
  }

  @Test
  void what_fsdp_asks_of_a_four_bit_base_is_an_assumption() {
    String sentence =
        "4-bit weights are stored in the dtype of the others (bnb_4bit_quant_storage), without"
            + " which FSDP refuses them; their block constants are whole on every GPU.";
    String qlora = "--method qlora --count 2 --strategy ";

    assertThat(
            Remark.sentences(
                Estimates.whole(Estimates.llama(false), qlora + "fsdp2").assumptions()))
        .contains(sentence);
    assertThat(
            Remark.sentences(Estimates.whole(Estimates.llama(false), qlora + "ddp").assumptions()))
        .doesNotContain(sentence);
  }
}
