package dev.vramcast.core.module.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Unsloth's attention of Gemma 3 (unsloth_zoo/temporary_patches/gemma.py), for which SDPA has no
 * fused kernel, over 2,048 tokens and 8 heads.
 */
class WrittenOutAttentionTest {

  private static final long SCORES = 8L * 2048 * 2048;

  private static long peak(Architecture model, String version) {
    return Estimates.of(
            model,
            "--method lora --sequence-length 2048 --micro-batch 1 --framework unsloth"
                + " --framework-version "
                + version)
        .allocatedBytes();
  }

  private static long difference(String type, Map<String, Object> keys) {
    Architecture model = Estimates.model(type, keys);
    return peak(model, "2025.9") - peak(model, "2026.2");
  }

  /** Three fp32 numbers of each score, of which others would have taken some; a boolean of each. */
  @Test
  void a_mask_beside_grouped_keys_makes_matrices_of_the_length_squared() {
    assertThat(difference("gemma3_text", Map.of()))
        .isGreaterThan(9 * SCORES)
        .isLessThan(14 * SCORES);
  }

  @Test
  void a_mask_alone_is_for_the_memory_efficient_kernel() {
    assertThat(difference("gemma3_text", Map.of("num_key_value_heads", 8))).isLessThan(SCORES);
  }

  @Test
  void other_models_are_left_as_they_are() {
    assertThat(difference("llama", Map.of())).isZero();
  }

  @Test
  void before_march_2025_gemma_3_was_not_rewritten() {
    Architecture model = Estimates.model("gemma3_text", Map.of());

    assertThat(peak(model, "2025.2")).isLessThan(peak(model, "2025.3") - 9 * SCORES);
  }
}
