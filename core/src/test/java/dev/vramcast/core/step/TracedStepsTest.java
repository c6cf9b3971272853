package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.trace.Phase;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Peaks of each phase against real Transformers and PEFT on fake tensors, which counted every live
 * storage: four layers of hidden size 1024, two sequences of 256 tokens.
 */
class TracedStepsTest {

  private static final Map<String, String> METHODS =
      Map.of(
          "full",
          "--method full --precision bf16",
          "lora",
          "--method lora --rank 16 --targets all-linear --precision bf16-mixed"
              + " --checkpointing full --checkpointing-reentrant false",
          "qlora",
          "--method qlora --rank 16 --targets all-linear --precision bf16-mixed"
              + " --double-quant true --kbit-prepare true");

  /** Percent. */
  private static final double TOLERANCE = 0.1;

  /** Of models whose sinks, recurrence or streams are many small operations. */
  private static final Map<String, Double> WIDER_TOLERANCES =
      Map.of(
          "gpt_oss",
          0.7,
          "qwen3_next",
          0.2,
          "qwen3_5_text",
          0.6,
          "gemma4_text",
          0.5,
          "gemma3n_text",
          0.2);

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvFileSource(resources = "traced-steps.tsv", numLinesToSkip = 1, delimiter = '\t')
  void every_phase_peaks_as_it_was_traced(
      String type,
      String method,
      String version,
      long forward,
      long head,
      long layers,
      long step,
      String config) {
    Architecture architecture = Steps.model(type, Configs.parse(config));

    String flags = METHODS.get(method) + " --transformers " + version;
    Map<Phase, Long> read = Steps.read(architecture, flags).phasePeaks();

    var tolerance = withinPercentage(WIDER_TOLERANCES.getOrDefault(type, TOLERANCE));
    assertThat(Math.max(read.get(Phase.FORWARD_LAYERS), read.get(Phase.FORWARD_HEAD)))
        .as("forward")
        .isCloseTo(forward, tolerance);
    assertThat(read.get(Phase.BACKWARD_HEAD))
        .as("backward of head and loss")
        .isCloseTo(head, tolerance);
    assertThat(read.get(Phase.BACKWARD_LAYERS))
        .as("backward of the layers")
        .isCloseTo(layers, tolerance);
    assertThat(read.get(Phase.STEP)).as("optimizer step").isCloseTo(step, tolerance);
  }
}
