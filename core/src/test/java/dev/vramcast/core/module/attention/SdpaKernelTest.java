package dev.vramcast.core.module.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.TraceReading;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Which kernel SDPA takes, while Transformers copied queries, keys and values for it:
 * FlashAttention gives its results as its queries lie, by heads, and the memory-efficient kernel by
 * tokens.
 */
class SdpaKernelTest {

  private static final String FULL =
      "--method full --checkpointing none --attention sdpa --framework transformers"
          + " --transformers 4.51.3 ";

  @Test
  void results_of_flash_attention_are_copied_to_lie_by_tokens() {
    assertThat(alive("--model-dtype bf16 --precision bf16")).contains("attention outputs by token");
  }

  @Test
  void fp32_goes_to_the_memory_efficient_kernel() {
    assertThat(alive("--model-dtype fp32 --precision fp32"))
        .contains("attention outputs")
        .doesNotContain("attention outputs by token");
  }

  private static List<String> alive(String dtypes) {
    return Estimates.of(Estimates.model("llama", Map.of()), FULL + dtypes).alive().stream()
        .map(TraceReading.Alive::name)
        .toList();
  }
}
