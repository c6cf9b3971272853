package dev.vramcast.core.module.mixer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.TraceReading.Alive;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The gated delta rule in PyTorch, before it solved a triangular system. */
class DeltaRuleTest {

  private static final Architecture MODEL =
      Estimates.model(
          "qwen3_next",
          Map.of(
              "num_hidden_layers", 4,
              "linear_num_key_heads", 4,
              "linear_num_value_heads", 8,
              "linear_key_head_dim", 64,
              "linear_value_head_dim", 64,
              "num_experts", 4,
              "num_experts_per_tok", 2,
              "moe_intermediate_size", 64,
              "shared_expert_intermediate_size", 64));

  private static final long STATE = 8 * 64 * 64;

  /** 64 tokens are one chunk, which reads nothing but the state that all began with. */
  @Test
  void under_autocast_the_first_state_has_the_dtype_of_the_values_and_needs_no_copies() {
    long bytes =
        Estimates.of(
                MODEL,
                "--method lora --targets all-linear --checkpointing none"
                    + " --framework transformers --transformers 4.57.6"
                    + " --precision bf16-mixed --mixer torch --sequence-length 64 --micro-batch 16")
            .alive()
            .stream()
            .filter(each -> each.name().equals("delta rule states"))
            .mapToLong(Alive::bytes)
            .sum();

    assertThat(bytes).isEqualTo(3 * 16 * 2 * STATE);
  }
}
