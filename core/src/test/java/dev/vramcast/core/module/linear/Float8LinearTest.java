package dev.vramcast.core.module.linear;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** torchao's linears in a Llama of 128 features. */
class Float8LinearTest {

  private static final Architecture LLAMA = Estimates.model("llama", Map.of());
  private static final String FULL = "--method full --sequence-length 512 ";
  private static final String FLOAT8 = FULL + "--quantized-training fp8 ";

  private static RankEstimate of(String flags) {
    return Estimates.of(LLAMA, flags);
  }

  @Test
  void what_is_kept_is_as_wide_as_without() {
    for (Category kept : new Category[] {Category.WEIGHTS, Category.OPTIMIZER}) {
      assertThat(of(FLOAT8).breakdown().getOrDefault(kept, 0L))
          .isEqualTo(of(FULL).breakdown().getOrDefault(kept, 0L));
    }
  }

  @Test
  void scaling_takes_more_without_compile() {
    long compiled = of(FLOAT8 + "--compile true --checkpointing full").allocatedBytes();

    assertThat(of(FLOAT8 + "--checkpointing full").allocatedBytes()).isGreaterThan(compiled);
    assertThat(compiled)
        .isGreaterThanOrEqualTo(of(FULL + "--compile true --checkpointing full").allocatedBytes());
  }

  @Test
  void sides_are_multiples_of_sixteen() {
    assertThat(Float8Linear.fits(new Linear("a", 32, 48, false))).isTrue();
    assertThat(Float8Linear.fits(new Linear("a", 32, 40, false))).isFalse();
    assertThat(Float8Linear.fits(new Linear("a", 24, 48, false))).isFalse();
  }
}
