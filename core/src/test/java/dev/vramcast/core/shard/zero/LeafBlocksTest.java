package dev.vramcast.core.shard.zero;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Phase;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Stage 3 on blocks of 128 experts of 8,650,752 parameters each, more than a billion in a layer, so
 * that what is gathered of one goes before the next comes.
 */
class LeafBlocksTest {

  private static final Map<String, Object> EXPERTS =
      Map.of("num_local_experts", 128, "num_experts_per_tok", 2, "num_hidden_layers", 4);

  private static RankEstimate of(Architecture model, String flags) {
    return Estimates.of(
        model, "--strategy zero3 --count 8 --precision bf16 --sequence-length 16 " + flags);
  }

  private static long forward(String type, String deepspeed) {
    String flags = "--method lora --targets q_proj --deepspeed-version " + deepspeed;
    return of(Estimates.model(type, EXPERTS), flags).phasePeaks().get(Phase.FORWARD_LAYERS);
  }

  /** {@code DEFAULT_LEAF_MODULE_CLASSES} came with 0.18. */
  @Test
  void a_block_of_experts_is_gathered_and_let_go_as_one_since_deepspeed_0_18() {
    assertThat(forward("mixtral", "0.18.0")).isNotEqualTo(forward("mixtral", "0.17.6"));
  }

  @Test
  void modules_of_a_block_that_deepspeed_does_not_name_have_hooks() {
    assertThat(forward("granitemoe", "0.18.0")).isEqualTo(forward("granitemoe", "0.17.6"));
  }

  /** Both stacks of a layer wait, of which one alone would go with its own reduction. */
  @Test
  void gradients_of_a_block_wait_for_its_backward_pass() {
    Architecture model = Estimates.model("mixtral", EXPERTS);
    String flags = "--method full --checkpointing none --deepspeed-version ";

    assertThat(of(model, flags + "0.18.0").phasePeaks().get(Phase.BACKWARD_LAYERS))
        .isGreaterThan(of(model, flags + "0.17.6").phasePeaks().get(Phase.BACKWARD_LAYERS));
  }
}
