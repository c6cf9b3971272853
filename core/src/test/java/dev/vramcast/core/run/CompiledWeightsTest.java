package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompiledWeightsTest {

  /** LayerNorm runs in fp32 under autocast, for which its weights are cast. */
  @ParameterizedTest
  @ValueSource(strings = {"fsdp1", "fsdp2"})
  void equal_layers_cast_weights_of_their_own_and_keep_none_of_their_gradients(String strategy) {
    String flags = "--method full --compile true --count 4 --strategy " + strategy;
    RankEstimate estimate =
        Estimates.of(Estimates.model("starcoder2", Map.of("num_hidden_layers", 4)), flags);

    assertThat(LeftOver.of(estimate.trace()))
        .doesNotContainKey("TEMPORARIES gradients of activations");
  }
}
