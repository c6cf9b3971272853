package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BAdam, whose layers take turns, and LOMO, which updates in hooks. */
class BlockwiseOptimizerTest {

  private static final String BADAM =
      "--method full --optimizer badam --optimizer-implementation foreach --model-dtype bf16"
          + " --sequence-length 2048 ";

  private static RankEstimate estimate(String flags) {
    return Estimates.of(Estimates.llama(false), BADAM + flags);
  }

  /** By hand: a copy and two moments in fp32 of a layer's 11,274,240 weights, of 512 bytes each. */
  @Test
  void states_are_those_of_one_layer() {
    assertThat(estimate("").breakdown()).containsEntry(Category.OPTIMIZER, 12 * 11_274_240L);
  }

  @Test
  void weights_stay_in_16_bits_under_llama_factory() {
    assertThat(estimate("--framework llama-factory").breakdown().get(Category.WEIGHTS))
        .isLessThan(2 * (2 * 11_274_240L + 2 * 8192 * 1024 + 1024) + 100_000);
  }

  @Test
  void layers_of_which_nothing_is_trained_have_no_checkpoints_under_llama_factory() {
    String full = "--checkpointing full --precision bf16-mixed --loss liger ";
    assertThat(estimate(full + "--framework llama-factory").allocatedBytes())
        .isGreaterThan(estimate(full + "--framework transformers").allocatedBytes());
  }

  /** Gradients in bf16: of two layers, both tables and the norm between. */
  @Test
  void what_steps_in_hooks_keeps_neither_states_nor_gradients() {
    RankEstimate lomo = estimate("--optimizer lomo");
    assertThat(lomo.breakdown()).doesNotContainKey(Category.OPTIMIZER);
    long gradients = 2 * (2 * 11_274_240L + 2 * 8192 * 1024 + 1024);
    long kept = estimate("--optimizer sgd").phasePeaks().get(Phase.STEP);
    assertThat(kept - lomo.phasePeaks().get(Phase.STEP)).isEqualTo(gradients);
  }

  @ParameterizedTest
  @CsvSource({
    "--optimizer lomo --method lora, optimizer.name lomo with method lora",
    "--method lora, optimizer.name badam with method lora",
    "--strategy zero3 --count 2, optimizer.name badam under parallelism.strategy zero3",
  })
  void elsewhere_it_is_not_modelled(String flags, String gap) {
    assertThatThrownBy(() -> estimate(flags)).hasMessageContaining(gap);
  }
}
