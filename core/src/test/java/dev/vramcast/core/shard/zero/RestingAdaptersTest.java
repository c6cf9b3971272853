package dev.vramcast.core.shard.zero;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.Phase;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stage 3 where the reference is the model without its adapters, behind the pass with a graph. */
class RestingAdaptersTest {

  private static final Map<String, Object> SMALL =
      Map.of(
          "hidden_size", 1024,
          "intermediate_size", 2816,
          "num_hidden_layers", 3,
          "num_attention_heads", 8,
          "num_key_value_heads", 4,
          "vocab_size", 32000,
          "max_position_embeddings", 4096);

  private static final String KTO =
      "--strategy zero3 --count 2 --precision bf16-mixed --method lora --rank 64 --dropout 0.05"
          + " --targets all-linear --stage kto --prompt-length 33 --completion-length 64"
          + " --sequence-length 97"
          + " --micro-batch 4 --grad-accum 2 --reference adapter-off --checkpointing none"
          + " --framework trl --framework-version 1.16.0 --modules-to-save ";

  private static Map<Phase, Long> of(String saved) {
    Architecture model = Estimates.model("llama", SMALL);
    return Estimates.of(model, KTO + saved).phasePeaks();
  }

  /** But for small numbers that a trainer holds. */
  private static Offset<Long> close() {
    return Offset.offset(64L << 10);
  }

  /**
   * A module's backward pass is over when what it has counted is zero, and a pass behind its own
   * has it count anew ({@code ds_grads_remaining}). As cases {@code rested-kto-llama-…} have it.
   */
  @ParameterizedTest
  @CsvSource({"embed_tokens, 1669848064", "lm_head, 1665651712"})
  void linears_that_ran_again_without_a_graph_stay_whole_until_the_backward_pass_ends(
      String saved, long measured) {
    assertThat(of(saved).get(Phase.BACKWARD_LAYERS)).isCloseTo(measured, close());
  }

  /** As case {@code released-zero3-dpo-qwen3} has it but for one of its hidden states. */
  @Test
  void the_first_layer_lets_go_of_its_weights_before_the_embedding_is_gathered() {
    Map<String, Object> shape =
        Map.of(
            "hidden_size", 4096,
            "intermediate_size", 12288,
            "num_hidden_layers", 7,
            "num_attention_heads", 32,
            "num_key_value_heads", 8,
            "head_dim", 128,
            "vocab_size", 151936,
            "max_position_embeddings", 40960,
            "tie_word_embeddings", false);
    String flags =
        "--strategy zero3 --count 8 --precision bf16-mixed --method lora --rank 16 --dropout 0.05"
            + " --targets all-linear --stage dpo --prompt-length 128 --chosen-length 384"
            + " --rejected-length 384 --sequence-length 512 --micro-batch 2"
            + " --reference adapter-off --checkpointing full --checkpointing-reentrant true"
            + " --framework trl --framework-version 1.16.0 --torch 2.15.0 --transformers 5.24.0"
            + " --optimizer-implementation fused";

    assertThat(
            Estimates.of(Estimates.model("qwen3", shape), flags)
                .phasePeaks()
                .get(Phase.BACKWARD_LAYERS))
        .isCloseTo(6_522_404_864L, Offset.offset(24L << 20));
  }

  /**
   * What may go is kept from passes for old log-probabilities, of which each micro-batch has one
   * ({@code functools.lru_cache}). As case {@code unseen-stages-5-2-011} has it.
   */
  @Test
  void every_micro_batch_is_scored_by_a_pass_of_its_own() {
    Map<String, Object> shape =
        Map.of(
            "hidden_size", 2048,
            "intermediate_size", 8192,
            "num_hidden_layers", 4,
            "num_attention_heads", 32,
            "num_key_value_heads", 8,
            "attention_dropout", 0.1,
            "vocab_size", 49155,
            "max_position_embeddings", 4096);
    String flags =
        "--strategy zero3 --count 8 --precision bf16-mixed --method rslora --rank 64 --dropout 0.05"
            + " --targets k_proj --stage grpo --prompt-length 128 --completion-length 100"
            + " --sequence-length 228 --micro-batch 2 --grad-accum 4 --group-size 2 --iterations 2"
            + " --engine none --beta 0.1 --reference adapter-off --checkpointing full"
            + " --framework trl --framework-version 1.16.0 --torch 2.15.0 --transformers 5.24.0"
            + " --optimizer-implementation fused";

    assertThat(
            Estimates.of(Estimates.model("granite", shape), flags)
                .phasePeaks()
                .get(Phase.FORWARD_LAYERS))
        .isCloseTo(2_132_514_304L, Offset.offset(1L << 20));
  }

  /** One of them is gathered for a pass, and each as a module within the wrapper. */
  @Test
  void a_saved_table_and_its_copy_are_modules_of_their_own() {
    assertThat(of("embed_tokens").get(Phase.FORWARD_LAYERS)).isLessThan(1_530_000_000L);
  }
}
