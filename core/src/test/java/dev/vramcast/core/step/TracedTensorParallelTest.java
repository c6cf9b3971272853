package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.trace.Phase;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Peaks on one rank against Transformers' Trainer 5.24 around a model that Transformers divided by
 * its own tensor-parallel plan, counted on fake tensors and a fake process group with PyTorch 2.15:
 * the Llama of {@link TracedShardsTest}.
 */
class TracedTensorParallelTest {

  /** Percent; what is left is a few kilobytes of the Trainer's own. */
  private static final double TOLERANCE = 0.2;

  private static String flags(String release, int degrees) {
    return " --framework transformers --model-dtype bf16 --method full --precision bf16"
        + " --sequence-length 64 --padding packed --optimizer-implementation fused"
        + " --transformers %s --tensor %d --count %d".formatted(release, degrees, degrees);
  }

  private static long words(String release, boolean tied) {
    return Steps.slice("llama", Map.of("tie_word_embeddings", tied), flags(release, 2))
        .embeddings()
        .token()
        .rows();
  }

  private static void assertPeaks(boolean tied, int degrees, long head, long layers, long step) {
    String flags = flags("5.24", degrees);

    Map<Phase, Long> peaks =
        Steps.read(Steps.slice("llama", Map.of("tie_word_embeddings", tied), flags), flags)
            .phasePeaks();

    assertThat(peaks.get(Phase.BACKWARD_HEAD)).isCloseTo(head, withinPercentage(TOLERANCE));
    assertThat(peaks.get(Phase.BACKWARD_LAYERS)).isCloseTo(layers, withinPercentage(TOLERANCE));
    assertThat(peaks.get(Phase.STEP)).isCloseTo(step, withinPercentage(TOLERANCE));
  }

  @ParameterizedTest(name = "degree {0}")
  @CsvSource({
    "2, 214820352, 256216064, 264340992",
    "4, 118474240, 136678400, 140609024",
  })
  void an_embedding_divided_by_rows_has_a_gradient_of_all_rows(
      int degrees, long head, long layers, long step) {
    assertPeaks(false, degrees, head, layers, step);
  }

  @ParameterizedTest(name = "degree {0}")
  @CsvSource({
    "2, 189654016, 247564800, 214025216",
    "4, 105890816, 132221440, 107070464",
  })
  void a_tied_embedding_keeps_its_own_rows_of_the_gradient(
      int degrees, long head, long layers, long step) {
    assertPeaks(true, degrees, head, layers, step);
  }

  /** distributed/mixin.py puts embed_tokens into the plans of models since 5.21. */
  @Test
  void every_rank_has_all_words_of_an_embedding_that_no_plan_names() {
    assertThat(words("5.20", false)).isEqualTo(2 * words("5.21", false));
    assertThat(words("5.20", true)).isEqualTo(words("5.21", true));
  }
}
