package dev.vramcast.core.architecture.family.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.Phase;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Gemma4Test {

  private static final int TOKENS = 512;

  private static final Map<String, Object> PLAIN =
      Map.of("num_hidden_layers", 6, "head_dim", 64, "global_head_dim", 128, "vocab_size", 32000);

  private static Architecture model(Map<String, Object> more) {
    Map<String, Object> keys = new HashMap<>(PLAIN);
    keys.put("hidden_size_per_layer_input", 0);
    keys.putAll(more);
    return Estimates.model("gemma4_text", keys);
  }

  private static long allocated(Architecture model, String flags) {
    return Estimates.of(model, "--framework transformers --precision bf16 --micro-batch 1 " + flags)
        .allocatedBytes();
  }

  /** Keys and values of two heads, 64 features each in windows and 128 elsewhere. */
  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void checkpoints_hold_the_keys_that_layers_hand_on_since_5_6(String reentrant) {
    String flags =
        "--method lora --checkpointing full --checkpointing-reentrant " + reentrant + " ";
    long before = allocated(model(Map.of()), flags + "--transformers 5.5.0");
    long since = allocated(model(Map.of()), flags + "--transformers 5.6.0");

    assertThat(since - before).isEqualTo(2L * 2 * TOKENS * 2 * (64 + 128));
  }

  /** The projection saves what the first layer reads, which is gone when the pass ends. */
  @Test
  void what_inputs_of_every_layer_are_projected_from_does_not_outlive_the_backward_pass() {
    Architecture model =
        model(Map.of("hidden_size_per_layer_input", 256, "vocab_size_per_layer_input", 32000));
    String flags = "--framework transformers --method full --checkpointing full ";

    long few = step(model, flags);
    long many = step(model, flags + "--sequence-length " + 2 * TOKENS);

    assertThat(many - few).isLessThan((long) TOKENS * model.hiddenSize());
  }

  private static long step(Architecture model, String flags) {
    return Estimates.of(model, flags).phasePeaks().get(Phase.STEP);
  }
}
