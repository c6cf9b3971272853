package dev.vramcast.core.shard.zero;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Phase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Stage 3 on blocks of 128 experts of 8,650,752 parameters each, more than a billion in a layer, so
 * that what is gathered of one goes before the next comes.
 */
class LeafBlocksTest {

  private static final Map<String, Object> EXPERTS =
      Map.of(
          "num_local_experts", 128,
          "num_experts", 128,
          "n_routed_experts", 128,
          "moe_intermediate_size", 2816,
          "shared_expert_intermediate_size", 2816,
          "num_experts_per_tok", 2,
          "num_hidden_layers", 4);

  private static RankEstimate of(Architecture model, String flags) {
    return Estimates.of(
        model, "--strategy zero3 --count 8 --precision bf16 --sequence-length 16 " + flags);
  }

  private static long forward(Architecture model, String flags) {
    return of(model, "--method lora --targets q_proj " + flags)
        .phasePeaks()
        .get(Phase.FORWARD_LAYERS);
  }

  private static long forward(String type, String flags) {
    return forward(Estimates.model(type, EXPERTS), flags);
  }

  /**
   * {@code DEFAULT_LEAF_MODULE_CLASSES} came with 0.18. What is gathered ahead goes by the order of
   * a block's parameters: Qwen 3's has its router behind its experts, where the first stack alone
   * fills a bucket, so that no buffer of several holds it.
   */
  @ParameterizedTest
  @CsvSource({
    "mixtral, 11454938624, 11473022464",
    "qwen2_moe, 11465189376, 11500181504",
    "qwen3_moe, 11455258624, 9999550976"
  })
  void a_block_of_experts_is_gathered_and_let_go_as_one_since_deepspeed_0_18(
      String type, long apart, long asOne) {
    assertThat(forward(type, "--deepspeed-version 0.17.6")).isEqualTo(apart);
    assertThat(forward(type, "--deepspeed-version 0.18.0")).isEqualTo(asOne);
  }

  @Test
  void modules_of_a_block_that_nobody_names_have_hooks() {
    assertThat(forward("granitemoe", "--deepspeed-version 0.18.0"))
        .isEqualTo(forward("granitemoe", "--deepspeed-version 0.17.6"));
  }

  /** moe.py of LLaMA-Factory and register.py of ms-swift at their tags. */
  @ParameterizedTest
  @CsvSource({
    "granitemoe, llama-factory, 0.9.2, 0.9.3",
    "olmoe, llama-factory, 0.9.2, 0.9.3",
    "glm4_moe, llama-factory, 0.9.3, 0.9.4",
    "gpt_oss, llama-factory, 0.9.3, 0.9.4",
    "qwen3_omni_moe_text, llama-factory, 0.9.3, 0.9.4",
    "qwen3_next, llama-factory, 0.9.4, 0.9.5",
    "glm4_moe, ms-swift, 3.8, 3.9",
    "qwen3_vl_moe_text, ms-swift, 3.8, 3.9",
    "qwen3_next, ms-swift, 3.8, 3.9",
    "olmoe, ms-swift, 3.9, 4.0"
  })
  void a_framework_tells_deepspeed_of_more_blocks_from_a_release_on(
      String type, String framework, String before, String since) {
    String flags =
        "--transformers 4.57 --deepspeed-version 0.17.6 --framework %s --framework-version "
            .formatted(framework);
    long apart = forward(type, flags + before);
    long asOne = forward(type, flags + since);

    assertThat(asOne).isNotEqualTo(apart);
    assertThat(forward(type, flags.replace("0.17.6", "0.12.6") + since)).isEqualTo(apart);
  }

  /** The first layer has no experts, so that paths of the others say which they are. */
  @Test
  void a_block_of_layers_that_differ_goes_as_one_of_equal_layers_does() {
    Map<String, Object> keys = new HashMap<>(EXPERTS);
    keys.put("num_hidden_layers", 8);
    keys.put("mlp_only_layers", List.of(0));
    String flags = "--checkpointing full --deepspeed-version ";

    assertThat(forward(Estimates.model("qwen3_moe", keys), flags + "0.18.0"))
        .isEqualTo(4_247_081_472L);
    assertThat(forward(Estimates.model("qwen3_moe", keys), flags + "0.17.6"))
        .isEqualTo(5_644_132_352L);
  }

  /** Both stacks of a layer wait, of which one alone would go with its own reduction. */
  @Test
  void gradients_of_a_block_wait_for_its_backward_pass() {
    Architecture model = Estimates.model("mixtral", EXPERTS);
    String flags = "--method full --checkpointing none --deepspeed-version ";

    assertThat(of(model, flags + "0.17.6").phasePeaks().get(Phase.BACKWARD_LAYERS))
        .isEqualTo(19_993_562_624L);
    assertThat(of(model, flags + "0.18.0").phasePeaks().get(Phase.BACKWARD_LAYERS))
        .isEqualTo(20_031_573_504L);
  }
}
