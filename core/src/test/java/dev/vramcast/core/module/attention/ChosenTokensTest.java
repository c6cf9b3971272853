package dev.vramcast.core.module.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Phase;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Models whose queries see what an indexer chose, against Transformers 5.24 and PEFT 0.21 (the LoRA
 * jobs of validation/cases/types.jsonl).
 */
class ChosenTokensTest {

  private static final String LORA =
      "--method lora --rank 8 --dropout 0 --targets all-linear --precision bf16-mixed"
          + " --model-dtype bf16 --checkpointing none --optimizer adamw"
          + " --optimizer-implementation fused --micro-batch 2 --sequence-length 512"
          + " --framework transformers --transformers 5.24.0 --peft 0.21.2 --torch 2.15.0";

  private static final double TOLERANCE = 0.03;

  @Test
  void embeddings_live_beside_the_scores_of_every_token() {
    RankEstimate estimate = Estimates.of(model("deepseek_v32", Map.of()), LORA);

    assertThat(estimate.phasePeaks().get(Phase.FORWARD_LAYERS))
        .isCloseTo(263_271_936L, withinPercentage(TOLERANCE));
  }

  /** AXK2GatedRMSNorm, q_gate_proj, and linears of MLPs alone as targets. */
  @Test
  void norms_and_heads_of_ax_k2_have_gates() {
    Map<String, Object> groups = new HashMap<>();
    groups.put("n_group", null);
    groups.put("topk_group", null);

    assertThat(Estimates.of(model("axk2", groups), LORA).allocatedBytes())
        .isCloseTo(280_489_984L, withinPercentage(TOLERANCE));
  }

  private static Architecture model(String type, Map<String, Object> keys) {
    Map<String, Object> all = new HashMap<>();
    all.put("hidden_size", 512);
    all.put("intermediate_size", 1536);
    all.put("num_hidden_layers", 4);
    all.put("num_key_value_heads", 8);
    all.put("vocab_size", 4096);
    all.put("tie_word_embeddings", false);
    all.put("moe_intermediate_size", 384);
    all.put("num_experts_per_tok", 2);
    all.put("n_routed_experts", 8);
    all.put("n_shared_experts", 1);
    all.put("first_k_dense_replace", 1);
    all.put("n_group", 1);
    all.put("topk_group", 1);
    all.put("q_lora_rank", 256);
    all.put("kv_lora_rank", 128);
    all.put("qk_nope_head_dim", 64);
    all.put("qk_rope_head_dim", 32);
    all.put("v_head_dim", 64);
    all.put("index_n_heads", 4);
    all.put("index_head_dim", 64);
    all.put("index_topk", 128);
    all.putAll(keys);
    return Estimates.model(type, all);
  }
}
