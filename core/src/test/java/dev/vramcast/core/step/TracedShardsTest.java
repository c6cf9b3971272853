package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.trace.Phase;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Peaks on one of several ranks against the real sharding code of PyTorch 2.13 around Transformers
 * and PEFT, on fake tensors and a fake process group, which counted every live storage: a Llama of
 * four layers and hidden size 1024, two sequences of 64 tokens, so that parameters outweigh
 * activations. Where activations wait on the host, TRL's OffloadActivations was counted there,
 * without weights, which it skips.
 */
class TracedShardsTest {

  private static final String LORA =
      "--method lora --rank 16 --targets all-linear --precision bf16 --lora-dtype bf16";
  private static final Map<String, String> METHODS =
      Map.of(
          "full",
          "--method full --precision bf16",
          "freeze",
          "--method freeze --precision bf16",
          "lora",
          LORA);

  /** Percent: FSDP1 has optimizer states for those parameters alone that a slice touches. */
  private static final double TOLERANCE = 0.05;

  /** Counters of random numbers, and buffers of rotary frequencies. */
  private static final long FEW_BYTES = 2048;

  /** {@code host} is empty where the machine's memory was not counted. */
  @ParameterizedTest(name = "{0}: {1} {7}")
  @CsvFileSource(resources = "traced-shards.tsv", numLinesToSkip = 1, delimiter = '\t')
  void every_phase_peaks_as_it_was_traced(
      String what,
      String method,
      boolean tied,
      long forward,
      long backward,
      long step,
      Long host,
      String flags) {
    Architecture llama = Steps.model("llama", Map.of("tie_word_embeddings", tied));
    String job = METHODS.get(method) + " --sequence-length 64 " + flags;

    Map<Phase, Long> peaks = Steps.read(llama, job).phasePeaks();

    assertThat(larger(peaks, Phase.FORWARD_LAYERS, Phase.FORWARD_HEAD))
        .as("forward")
        .isCloseTo(forward, withinPercentage(TOLERANCE));
    assertThat(larger(peaks, Phase.BACKWARD_HEAD, Phase.BACKWARD_LAYERS))
        .as("backward")
        .isCloseTo(backward, withinPercentage(TOLERANCE));
    assertThat(peaks.get(Phase.STEP))
        .as("step")
        .isCloseTo(step, within(Math.max(FEW_BYTES, step / 1000)));
    if (host != null) {
      assertThat(Steps.readHost(llama, job).peakBytes())
          .as("host")
          .isCloseTo(host, withinPercentage(TOLERANCE));
    }
  }

  private static long larger(Map<Phase, Long> peaks, Phase one, Phase other) {
    return Math.max(peaks.get(one), peaks.get(other));
  }

  /**
   * Counted around Transformers' Trainer 5.24, accelerate 1.15 and PyTorch 2.15, which releases the
   * buffer of an all-gather earlier in the forward pass than 2.13. Columns are flags, the peaks of
   * the backward pass through the head and through the layers.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "full --model-dtype bf16, 122264064, 181436928",
    "full --model-dtype bf16 --reshard-after-forward false, 189909504, 206813184",
    "lora --rank 16 --targets all-linear --lora-dtype bf16, 77170688, 99239424",
  })
  void accelerate_gathers_tied_embeddings_with_the_head_and_before_the_layers(
      String method, long head, long layers) {
    String flags =
        " --framework transformers --precision bf16 --sequence-length 64 --strategy fsdp2"
            + " --count 8 --padding packed --optimizer-implementation fused --method "
            + method;

    Map<Phase, Long> peaks =
        Steps.read(Steps.model("llama", Map.of("tie_word_embeddings", true)), flags).phasePeaks();

    assertThat(peaks.get(Phase.BACKWARD_HEAD)).isCloseTo(head, withinPercentage(TOLERANCE));
    assertThat(peaks.get(Phase.BACKWARD_LAYERS)).isCloseTo(layers, withinPercentage(TOLERANCE));
  }

  @Test
  void fsdp1_gathers_adapters_one_by_one() {
    String flags = LORA + " --sequence-length 64 --strategy fsdp1 --reduce-dtype fp32 --count 8";
    Map<Phase, Long> peaks = Steps.read(Steps.model("llama", Map.of()), flags).phasePeaks();

    assertThat(larger(peaks, Phase.FORWARD_LAYERS, Phase.FORWARD_HEAD))
        .isCloseTo(94_142_976, withinPercentage(TOLERANCE));
    assertThat(peaks.get(Phase.STEP)).isCloseTo(16_665_088L, withinPercentage(0.5));
  }
}
