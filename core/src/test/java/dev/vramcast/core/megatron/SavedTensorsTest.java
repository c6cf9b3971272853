package dev.vramcast.core.megatron;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bytes a layer keeps for each token. With h 1024, I 2816, 8 heads of 128 and 2 key and value
 * heads: two norms keep their input and output, 8h, and a statistic each, 8; attention keeps query,
 * key, value, output and row statistics, 4 x 1024 + 4 x 256 + 4 x 8 = 5152; the MLP keeps gate and
 * up together and their product, 6I = 16896.
 */
public class SavedTensorsTest {

  private static final long NORMS = 8 * 1024 + 8;
  private static final long ATTENTION = 5152;
  private static final long MLP = 16_896;

  private static void assertSaved(Architecture model, String flags, long bytesPerToken) {
    assertThat(Stages.savedByOneLayer(model, flags)).isEqualTo(bytesPerToken * Stages.TOKENS);
  }

  @Test
  void one_rank_keeps_everything() {
    assertSaved(Stages.llama(2), "", NORMS + ATTENTION + MLP);
  }

  /** 0.4 keeps what the function of the gates made too, 2I. */
  @Test
  void gates_of_old_releases_are_not_fused() {
    String old = "--framework-version 0.4";

    assertSaved(Stages.llama(2), old, NORMS + ATTENTION + MLP + 2 * 2816);
    assertSaved(
        Stages.llama(2), old + " --count 2 --tensor 2", NORMS + (ATTENTION + MLP + 2 * 2816) / 2);
    assertSaved(Stages.llama(2), "--framework-version 0.5", NORMS + ATTENTION + MLP);
  }

  @Test
  void layers_behind_those_that_are_recomputed_keep_everything() {
    String full = "--checkpointing full";
    long each = Stages.savedByOneLayer(Stages.llama(4), "");

    assertThat(Stages.saved(Stages.llama(4), full + " --checkpointing-layers 1", 4))
        .isEqualTo(Stages.saved(Stages.llama(4), full, 1) + 3 * each);
    assertThat(Stages.saved(Stages.llama(4), full + " --checkpointing-layers 9", 4))
        .isEqualTo(Stages.saved(Stages.llama(4), full, 4));
  }

  @Test
  void layers_that_are_recomputed_together_keep_one_input() {
    String full = "--checkpointing full";

    assertThat(Stages.saved(Stages.llama(5), full + " --checkpointing-group 2", 5))
        .isEqualTo(Stages.saved(Stages.llama(5), full, 3));
  }

  @Test
  void tensor_parallelism_divides_heads_and_features_but_not_norms() {
    assertSaved(Stages.llama(2), "--count 2 --tensor 2", NORMS + (ATTENTION + MLP) / 2);
  }

  @Test
  void sequence_parallelism_divides_all_of_it() {
    assertSaved(
        Stages.llama(2),
        "--count 2 --tensor 2 --sequence-parallel true",
        (NORMS + ATTENTION + MLP) / 2);
  }

  /** Normalised tokens of all ranks stay there, 4h in two parts, and not a share of them. */
  @Test
  void nanotron_keeps_gathered_tokens_up_to_its_last_release() {
    String shared = "--count 2 --tensor 2 --sequence-parallel true --framework nanotron ";
    long whole = 4 * 1024;

    assertSaved(
        Stages.llama(2),
        shared + "--framework-version 0.5",
        (NORMS - whole + ATTENTION + MLP) / 2 + whole);
    assertSaved(Stages.llama(2), shared, (NORMS + ATTENTION + MLP) / 2);
  }

  @Test
  void context_parallelism_divides_the_tokens() {
    assertSaved(Stages.llama(2), "--count 2 --context 2", (NORMS + ATTENTION + MLP) / 2);
  }

  /**
   * Four ranks of two heads of queries each share two heads of keys: a rank keeps query, key, value
   * and output of 2, 1, 1 and 2 heads, and two row statistics.
   */
  @Test
  void ranks_beyond_the_heads_of_keys_share_them() {
    long attention = 2 * 128 * (2 + 1 + 1 + 2) + 2 * 4;

    assertSaved(Stages.llama(2), "--count 4 --tensor 4", NORMS + attention + MLP / 4);
  }

  /** Query and key norms keep input, output has its place already, and a statistic a head. */
  @Test
  void norms_of_queries_and_keys_keep_their_inputs() {
    Architecture model = Stages.model("qwen3", Map.of());

    assertSaved(model, "", NORMS + ATTENTION + MLP + 2 * (1024 + 256) + 4 * (8 + 2));
  }

  /** LayerNorm keeps a mean beside the deviation; a plain MLP the input of the activation. */
  @Test
  void a_plain_mlp_keeps_what_goes_into_the_activation_and_what_comes_out() {
    Architecture model =
        Stages.model("starcoder2", Map.of("intermediate_size", 4096, "use_bias", true));

    assertSaved(model, "", NORMS + 8 + ATTENTION + 4 * 4096);
  }

  /** Dropout keeps a byte an element behind attention and behind the MLP. */
  @ParameterizedTest
  @CsvSource({"0, 0", "0.1, 2048"})
  void megatrons_own_model_keeps_what_was_dropped(double rate, long masks) {
    Architecture model =
        Stages.model(
            "megatron_gpt",
            Map.of("hidden_dropout", rate, "hidden_act", "gelu", "intermediate_size", 4096));

    assertSaved(model, "", NORMS + 8 + ATTENTION + 4 * 4096 + masks);
  }

  @Test
  void megatrons_own_model_of_rope_and_a_gated_mlp_keeps_what_llama_does() {
    Architecture model =
        Stages.model(
            "megatron_gpt",
            Map.of(
                "hidden_dropout",
                0,
                "normalization",
                "RMSNorm",
                "position_embedding_type",
                "rope",
                "add_bias_linear",
                false,
                "gated_linear_unit",
                true));

    assertSaved(model, "", NORMS + ATTENTION + MLP);
  }

  /**
   * The norm before the experts is a module of its own. A copy of a token keeps the expert's input
   * 2h, gate and up 4m, their product 2m and its weight in fp32; a token keeps 4 + 4 bytes for each
   * of 8 scores, their map, and the places of its 2 copies. Query and key norms as above.
   */
  @Test
  void experts_keep_what_every_copy_of_a_token_needs() {
    long attention = NORMS + ATTENTION + 2 * (1024 + 256) + 4 * (8 + 2);
    long copy = 2 * 1024 + 6 * 256 + 4;

    assertSaved(Stages.mixture(), "", attention + 2 * copy + 8 * (4 + 4 + 1) + 2 * 8);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "1.5, 1", "4, 6", "8, 6"})
  void imbalance_brings_more_copies_up_to_all_there_are(String imbalance, long moreHalves) {
    String flags = "--count 4 --shard 4 --expert 4 --expert-imbalance ";
    long copy = 2 * 1024 + 6 * 256 + 4;
    long more =
        Stages.savedByOneLayer(Stages.mixture(), flags + imbalance)
            - Stages.savedByOneLayer(Stages.mixture(), flags + "1");

    assertThat(more).isEqualTo(moreHalves * copy * Stages.TOKENS);
  }

  /**
   * Latent attention. On its share of the tokens a rank keeps the norm before, 4h and a statistic,
   * and beside the MLP's norm latent vectors, 2 x 128 for the query and 2 x (64 + 32) for key and
   * value with the rotary key, and their norms, 2 x 128 and 2 x 64 with a statistic each. On all
   * tokens 4 heads keep query and key of 64 + 32, value and output of 64, and a row statistic;
   * query and key are turned by 32 cosines and sines each.
   */
  @Test
  void latent_attention_keeps_low_ranks_of_its_tokens_and_heads_of_all() {
    Architecture model =
        Stages.model(
            "deepseek_v3",
            Map.ofEntries(
                Map.entry("q_lora_rank", 128),
                Map.entry("kv_lora_rank", 64),
                Map.entry("qk_nope_head_dim", 64),
                Map.entry("qk_rope_head_dim", 32),
                Map.entry("v_head_dim", 64),
                Map.entry("num_key_value_heads", 8),
                Map.entry("first_k_dense_replace", 2),
                Map.entry("n_routed_experts", 8),
                Map.entry("num_experts_per_tok", 2),
                Map.entry("moe_intermediate_size", 256),
                Map.entry("n_shared_experts", 1)));
    long latent = 2 * 2 * 128 + 4 + 2 * 96 + 2 * 64 + 4;
    long perShare = 8 * 1024 + 8 + latent;
    long onAll = 4 * (2 * (96 + 96 + 64 + 64) + 4) + 2 * 2 * 2 * 32 + MLP / 2;

    assertSaved(model, "--count 2 --tensor 2 --sequence-parallel true", perShare / 2 + onAll);
  }

  private static Architecture qwen35(String first) {
    return Stages.model(
        "qwen3_5_text",
        Map.of(
            "layer_types", List.of(first, "full_attention"),
            "linear_num_key_heads", 4,
            "linear_num_value_heads", 8));
  }

  /**
   * A gated delta network of 4 key heads and 8 value heads of 128: what the product gives, 2 x (512
   * + 512 + 1024 + 1024 + 16), of which gates and rates are views; a copy of what is convolved, 2 x
   * 2048; normalised queries and keys, 2 x 1024, and a number for each of 8; both repeated for 8
   * heads and the values, 6 x 1024; rates, 16 + 32, and a matrix of 64 x 64 a chunk and head, 1024;
   * its result, that normalised and that gated, 6 x 1024, and a number for each of 8.
   */
  @ParameterizedTest
  @CsvSource({
    "'', 1, 1",
    "--count 2 --tensor 2, 1, 2",
    "--count 2 --tensor 2 --sequence-parallel true, 2, 2"
  })
  void gated_deltas_keep_what_their_kernels_read(String flags, int tokens, int degree) {
    long delta = 6176 + 4096 + 2048 + 32 + 6144 + 48 + 1024 + 6144 + 32;

    assertSaved(qwen35("linear_attention"), flags, NORMS / tokens + (delta + MLP) / degree);
  }

  /** Its norm and its product have all tokens: 4 x 1024 and a statistic. */
  @Test
  void gated_deltas_of_megatron_swift_read_all_tokens() {
    String flags = "--count 2 --tensor 2 --sequence-parallel true --framework ";
    Architecture model = qwen35("linear_attention");

    long more =
        Stages.savedByOneLayer(model, flags + "megatron-swift")
            - Stages.savedByOneLayer(model, flags + "megatron");
    assertThat(more).isEqualTo((4 * 1024 + 4) / 2 * Stages.TOKENS);
  }

  /** Queries and keys are normalised as above; gates are copied, and what they make is kept. */
  @Test
  void a_gate_behind_attention_keeps_the_gates_and_what_they_make() {
    long norms = 2 * (1024 + 256) + 4 * (8 + 2);

    assertSaved(qwen35("full_attention"), "", NORMS + ATTENTION + MLP + norms + 4 * 1024);
  }
}
