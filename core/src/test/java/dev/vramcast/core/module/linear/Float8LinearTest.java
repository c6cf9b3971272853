package dev.vramcast.core.module.linear;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
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

  /** In each of two layers queries and outputs, keys and values, and an MLP, a byte a weight. */
  @Test
  void a_compiled_layer_without_checkpoint_kept_copies_of_gathered_weights_until_june_2025() {
    long weights = 2 * 1024L * (1024 + 2 * 256 + 1024 + 3 * 2816);

    assertThat(inForward("none", "2.7") - inForward("none", "2.8")).isEqualTo(weights);
    assertThat(inForward("full", "2.7")).isEqualTo(inForward("full", "2.8"));
  }

  private static long inForward(String checkpointing, String torch) {
    String flags = FLOAT8 + "--strategy fsdp2 --count 2 --compile true --framework torchtitan";
    return of(flags + " --checkpointing " + checkpointing + " --root-group plain --torch " + torch)
        .phasePeaks()
        .get(Phase.FORWARD_LAYERS);
  }

  @Test
  void sides_are_multiples_of_sixteen() {
    assertThat(Float8Linear.fits(new Linear("a", 32, 48, false))).isTrue();
    assertThat(Float8Linear.fits(new Linear("a", 32, 40, false))).isFalse();
    assertThat(Float8Linear.fits(new Linear("a", 24, 48, false))).isFalse();
  }
}
