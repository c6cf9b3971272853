package dev.vramcast.core.module.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.run.Estimates;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadLayersTest {

  /** In fp32, of the sizes that {@link Estimates} gives a model. */
  private static final long WEIGHT = 8192 * 1024 * 4L;

  /** Generation hands the head one row of each text, and a loss those of completions. */
  @Test
  void a_normalised_head_takes_some_copies_of_its_weight_however_few_rows_it_is_given() {
    long more = reserved(true) - reserved(false);

    assertThat(more).isBetween(0L, 6 * WEIGHT);
  }

  private static long reserved(boolean normalised) {
    Map<String, Object> keys =
        Map.of(
            "architectures",
            List.of("BailingMoeForCausalLM"),
            "norm_head",
            normalised,
            "moe_intermediate_size",
            256,
            "num_experts",
            4,
            "num_experts_per_tok",
            2);
    return Estimates.of(
            Estimates.model("bailing_moe", keys),
            "--framework trl --method full --stage grpo --prompt-length 448 --completion-length 64")
        .reservedBytes();
  }
}
