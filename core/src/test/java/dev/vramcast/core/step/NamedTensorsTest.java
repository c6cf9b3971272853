package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.LiveTensor;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bytes of what the code that runs has a name for, or none any more, at the peak of a phase. */
class NamedTensorsTest {

  private static final String VERSIONS = " --transformers 5.24.0 --dropout 0 ";

  private static final long TOKENS = 512;

  @Test
  void a_gpt_neo_has_one_mask_as_its_layers_cut_windows_themselves() {
    Map<String, Object> keys =
        Map.of(
            "num_layers",
            4,
            "num_heads",
            16,
            "window_size",
            64,
            "attention_types",
            List.of(List.of(List.of("global", "local"), 2)));

    assertThat(
            named(
                Steps.model("gpt_neo", keys),
                "--method full --precision bf16 --attention eager --checkpointing full" + VERSIONS,
                Phase.FORWARD_HEAD,
                "attention mask"))
        .isEqualTo(2 * 256 * 256 * 2L);
  }

  @Test
  void the_activation_of_xlm_roberta_xl_takes_the_name_of_what_the_norm_gave() {
    Architecture model = Steps.model("xlm-roberta-xl", Map.of());
    String flags =
        "--method lora --rank 16 --targets all-linear --precision bf16-mixed"
            + " --model-dtype bf16 --checkpointing none --stage classification --labels 3"
            + VERSIONS;

    assertThat(named(model, flags, Phase.FORWARD_LAYERS, "norm outputs")).isZero();
  }

  @Test
  void weighted_tokens_take_logits_behind_the_model_that_labels_do_not_shift() {
    String flags =
        "--method full --precision bf16-mixed --model-dtype bf16 --loss-type dft"
            + " --framework trl --framework-version 1.12.0"
            + VERSIONS;

    assertThat(named(Steps.model("llama", Map.of()), flags, Phase.BACKWARD_HEAD, "logits in fp32"))
        .isEqualTo(TOKENS * 8192 * 4);
  }

  private static long named(Architecture model, String flags, Phase phase, String name) {
    AllocationTrace trace = Steps.trace(model, flags);
    return LiveTensor.atPeakOf(trace, phase).stream()
        .filter(tensor -> tensor.name().equals(name))
        .mapToLong(LiveTensor::bytes)
        .sum();
  }
}
