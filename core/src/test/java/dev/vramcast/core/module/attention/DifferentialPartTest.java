package dev.vramcast.core.module.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Differential attention against Transformers 5.24 (validation/cases/types.jsonl). */
class DifferentialPartTest {

  private static final Architecture MODEL =
      Estimates.model(
          "diffllama",
          Map.of(
              "hidden_size", 512,
              "intermediate_size", 1536,
              "num_hidden_layers", 4,
              "num_key_value_heads", 4,
              "vocab_size", 4096,
              "tie_word_embeddings", false));

  private static final String USUAL =
      "--optimizer adamw --optimizer-implementation fused --micro-batch 2 --sequence-length 512"
          + " --framework transformers --peft 0.21.2 --torch 2.15.0 ";
  private static final String LORA =
      "--method lora --rank 8 --dropout 0 --targets all-linear --precision bf16-mixed"
          + " --model-dtype bf16 --checkpointing none --attention ";

  /** Two passes through the kernel, and a norm without weight in fp32 under autocast. */
  @ParameterizedTest
  @CsvSource({"sdpa, 208793088", "eager, 416140800"})
  void two_halves_of_the_values_meet_the_same_weights(String attention, long bytes) {
    String flags = USUAL + "--transformers 5.24.0 " + LORA + attention;

    assertThat(Estimates.of(MODEL, flags).allocatedBytes())
        .isCloseTo(bytes, withinPercentage(0.03));
  }

  @ParameterizedTest
  @CsvSource({
    "--transformers 4.57.6, 'Transformers 5.13 and later'",
    "--transformers 5.24.0 --tensor 2 --count 2 --method full, 'parallelism.tensor 1'",
  })
  void other_code_and_divided_heads_are_not_modelled(String flags, String modelled) {
    assertThatThrownBy(() -> Estimates.of(MODEL, flags))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining(modelled);
  }
}
