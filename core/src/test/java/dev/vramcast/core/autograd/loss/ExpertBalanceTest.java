package dev.vramcast.core.autograd.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.LiveTensor;
import dev.vramcast.core.trace.Phase;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The loss that balances experts: Qwen3-MoE of two layers with 64 experts, TRL's 8 sequences, LoRA.
 */
class ExpertBalanceTest {

  private static final long TOKENS = 8 * 512;

  private static final long SCORES = TOKENS * 64;

  private static final String JOB =
      "--method lora --targets q_proj,v_proj --model-dtype bf16 --precision bf16"
          + " --checkpointing none --framework trl --framework-version ";

  @Test
  void gradients_of_all_scores_wait_beside_those_of_the_head() {
    assertThat(atHead(weighed(0.001), JOB + "1.16.0") - atHead(weighed(0), JOB + "1.16.0"))
        .isEqualTo(2 * SCORES * 2);
  }

  @Test
  void releases_before_the_fused_head_of_all_losses_add_none() {
    assertThat(atHead(weighed(0.001), JOB + "1.6.0")).isEqualTo(atHead(weighed(0), JOB + "1.6.0"));
  }

  @Test
  void weights_are_divided_by_their_sum_only_where_the_config_asks() {
    long asked = atHead(model(Map.of("norm_topk_prob", true)), JOB + "1.16.0");
    long chosen = TOKENS * 4 * 4;
    long sums = TOKENS * 4;

    assertThat(asked - atHead(model(Map.of()), JOB + "1.16.0")).isEqualTo(2 * (chosen + sums));
  }

  private static Architecture weighed(double coefficient) {
    return model(Map.of("router_aux_loss_coef", coefficient));
  }

  private static Architecture model(Map<String, Object> more) {
    Map<String, Object> keys = new HashMap<>(more);
    keys.put("num_hidden_layers", 2);
    keys.put("num_experts", 64);
    keys.put("num_experts_per_tok", 4);
    keys.put("moe_intermediate_size", 128);
    return Estimates.model("qwen3_moe", keys);
  }

  private static long atHead(Architecture model, String flags) {
    AllocationTrace trace = Estimates.of(model, flags).trace();
    return LiveTensor.atPeakOf(trace, Phase.BACKWARD_HEAD).stream()
        .mapToLong(LiveTensor::bytes)
        .sum();
  }
}
