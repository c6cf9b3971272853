package dev.vramcast.core.run.episode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.Phase;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cache of keys and values that a model makes where nobody forbids it. */
class CachedPassTest {

  private static final String JOB =
      "--method lora --micro-batch 1 --sequence-length 512 --padding packed --framework ";

  private final Architecture llama = Estimates.model("llama", Map.of());

  @ParameterizedTest
  @CsvSource({
    "transformers --transformers 4.57.0, true",
    "transformers --transformers 5.0.0, false",
    "transformers-loop --transformers 5.24.0, true",
    "trl --framework-version 0.21.0 --transformers 4.57.0, true",
    "trl --framework-version 0.22.0 --transformers 4.57.0, false",
    "axolotl --transformers 4.57.0, false",
    "llama-factory --transformers 4.57.0, false",
    "ms-swift --transformers 4.57.0, false",
    "unsloth --transformers 4.57.0, false",
  })
  void a_trainer_that_forbids_no_cache_has_one_without_checkpoints(String flags, boolean caches) {
    String open = JOB + flags + " --checkpointing none";

    assertThat(peak(llama, open) > peak(llama, open + " --use-cache false")).isEqualTo(caches);
  }

  @Test
  void layers_that_run_again_make_none() {
    String open = JOB + "transformers --transformers 4.57.0 --checkpointing full";

    assertThat(peak(llama, open)).isEqualTo(peak(llama, open + " --use-cache false"));
  }

  @Test
  void a_model_that_forbids_one_to_a_pass_that_trains_has_none() {
    Architecture gemma = Estimates.model("gemma2", Map.of());
    String open = JOB + "transformers --transformers 4.57.0 --checkpointing none";

    assertThat(peak(gemma, open)).isEqualTo(peak(gemma, open + " --use-cache false"));
  }

  @Test
  void an_encoder_has_none() {
    Architecture bert = Estimates.model("bert", Map.of());
    String open =
        "--method full --stage masked-lm --micro-batch 1 --sequence-length 128 --padding packed"
            + " --framework transformers --transformers 4.57.0 --checkpointing none";

    assertThat(peak(bert, open)).isEqualTo(peak(bert, open + " --use-cache false"));
  }

  private static Long peak(Architecture model, String flags) {
    return Estimates.of(model, flags).phasePeaks().get(Phase.FORWARD_LAYERS);
  }
}
