package dev.vramcast.core.module.linear;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.TraceReading;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Unsloth's linears with adapters, beside PEFT's. */
class SparedCopiesTest {

  private static final String LORA =
      " --method lora --precision bf16-mixed --checkpointing none"
          + " --sequence-length 512 --framework ";

  @Test
  void an_input_is_cast_to_the_dtype_of_the_adapter_and_back_by_peft_alone() {
    assertThat(alive("transformers")).contains("inputs cast by autocast");
    assertThat(alive("unsloth")).doesNotContain("inputs cast by autocast");
  }

  private static List<String> alive(String framework) {
    return Estimates.of(Estimates.model("llama", Map.of()), LORA + framework).alive().stream()
        .map(TraceReading.Alive::name)
        .toList();
  }
}
