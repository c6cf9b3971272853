package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept in host memory is not on the GPU, and the other way round. */
class OffloadTest {

  private static final String FULL = "--method full --precision bf16 --count 4 --strategy ";
  private static final String OFFLOADED = " --offload parameters";

  private static RankEstimate of(String flags) {
    return Estimates.of(Estimates.llama(false), flags);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fsdp1", "fsdp2"})
  void offloaded_shards_leave_transients_alone_on_the_gpu(String strategy) {
    RankEstimate offloaded = of(FULL + strategy + OFFLOADED);

    assertThat(offloaded.breakdown()).doesNotContainKeys(Category.WEIGHTS, Category.OPTIMIZER);
    assertThat(offloaded.allocatedBytes()).isLessThan(of(FULL + strategy).allocatedBytes());
    assertThat(offloaded.phasePeaks().get(Phase.STEP)).isLessThan(1 << 20);
  }

  /** Two bytes of weight, of gradient and of each moment, a quarter of them on each rank. */
  @ParameterizedTest
  @ValueSource(strings = {"fsdp1", "fsdp2"})
  void the_host_holds_weights_gradients_and_states(String strategy) {
    long parameters = 39_326_720;
    assertThat(of(FULL + strategy + OFFLOADED).hostBytes())
        .isCloseTo(8 * parameters / 4, withinPercentage(0.05));
  }

  @Test
  void nothing_is_on_the_host_unless_it_is_offloaded() {
    assertThat(of(FULL + "fsdp2").hostBytes()).isZero();
  }

  @Test
  void offloaded_activations_are_on_the_host() {
    String flags = "--method full --precision bf16 --micro-batch 8";
    RankEstimate kept = of(flags);
    RankEstimate offloaded = of(flags + " --offload activations");

    assertThat(offloaded.allocatedBytes()).isLessThan(kept.allocatedBytes());
    assertThat(offloaded.hostBytes()).isPositive();
    assertThat(offloaded.phasePeaks().get(Phase.STEP)).isEqualTo(kept.phasePeaks().get(Phase.STEP));
  }

  /** One hidden state a layer: 512 tokens of 1024 features in 16 bits. */
  @Test
  void offloaded_checkpoints_keep_their_inputs_on_the_host() {
    String flags = "--method full --precision bf16 --checkpointing offloaded";
    assertThat(of(flags).hostBytes()).isEqualTo(2 * 512 * 1024 * 2);
  }
}
