package dev.vramcast.core.module.mixer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** MiniMax's linear attention over blocks of 256 tokens. */
class LightningPartTest {

  private static final int TOKENS = 512;

  private static Architecture model() {
    return Estimates.model(
        "minimax",
        Map.of(
            "head_dim",
            64,
            "num_local_experts",
            4,
            "num_experts_per_tok",
            2,
            "vocab_size",
            64000,
            "layer_types",
            List.of("full_attention", "linear_attention")));
  }

  private static long allocated(String flags) {
    return Estimates.of(
            model(),
            "--framework transformers --method lora --precision bf16-mixed --checkpointing none"
                + " --mixer torch "
                + flags)
        .allocatedBytes();
  }

  /**
   * Values that are filled lie by heads, and blocks of them need no copy: two inside of blocks and
   * one between them, of several sequences.
   */
  @Test
  void padding_was_filled_in_values_until_5_14() {
    long values = 2L * TOKENS * 8 * 64 * 2;
    String two = "--micro-batch 2 --transformers ";
    String one = "--micro-batch 1 --transformers ";

    assertThat(allocated(two + "5.15.0") - allocated(two + "5.14.0")).isEqualTo(values / 2);
    assertThat(allocated(one + "5.15.0") - allocated(one + "5.14.0")).isEqualTo(-values / 2);
  }
}
