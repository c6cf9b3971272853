package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskLifetimeTest {

  private static final String FLAGS =
      "--method full --checkpointing full --attention eager --precision bf16 --micro-batch 2"
          + " --sequence-length 512 --transformers 5.24.0 --optimizer adamw";

  /** The peak is in the first layer, where the mask of the others has gone with their frames. */
  @ParameterizedTest
  @CsvSource({"sliding full full full", "full sliding full sliding", "sliding full sliding full"})
  void masks_go_with_the_first_layer_that_reads_them(String types) {
    RankEstimate alike = Estimates.of(model("full full full full"), FLAGS);
    RankEstimate both = Estimates.of(model(types), FLAGS);

    assertThat(both.peakPhase()).isEqualTo(Phase.BACKWARD_LAYERS);
    assertThat(both.allocatedBytes()).isEqualTo(alike.allocatedBytes());
  }

  private static Architecture model(String types) {
    List<String> layers =
        List.of(types.split(" ")).stream().map(type -> type + "_attention").toList();
    return Estimates.model(
        "cwm", Map.of("num_hidden_layers", 4, "layer_types", layers, "sliding_window", 64));
  }
}
