package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerStackTest {

  private static final String LORA = "--method lora --targets c_attn --transformers ";

  private final Architecture bigCode =
      Steps.model(
          "gpt_bigcode",
          Map.of("n_embd", 1024, "n_layer", 4, "n_head", 16, "n_inner", 4096, "n_positions", 4096));

  @Test
  void checkpointing_saves_nothing_for_gpt_bigcode_from_4_54_to_4_57() {
    // PEFT still makes the inputs require gradients, which costs a little.
    assertThat(peak("4.57.6", "full")).isGreaterThanOrEqualTo(peak("4.57.6", "none"));
    assertThat(peak("4.53.3", "full")).isLessThan(peak("4.53.3", "none"));
    assertThat(peak("5.1.0", "full")).isLessThan(peak("5.1.0", "none"));
  }

  private long peak(String transformers, String checkpointing) {
    return Steps.read(bigCode, LORA + transformers + " --checkpointing " + checkpointing)
        .peakBytes();
  }
}
