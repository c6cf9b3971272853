package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextChecksTest {

  private static final Architecture T5 =
      Estimates.model(
          "t5",
          Map.of(
              "d_model",
              64,
              "d_kv",
              16,
              "d_ff",
              256,
              "num_layers",
              2,
              "num_heads",
              4,
              "vocab_size",
              1000));

  private static final String LENGTHS = "--sequence-length 256 --completion-length 32";

  private static Architecture small(String type) {
    return small(type, 1024);
  }

  private static Architecture small(String type, int positions) {
    return Estimates.model(
        type,
        Map.of(
            "d_model", 64,
            "encoder_layers", 2,
            "encoder_attention_heads", 4,
            "encoder_ffn_dim", 256,
            "decoder_layers", 2,
            "decoder_attention_heads", 4,
            "decoder_ffn_dim", 256,
            "vocab_size", 1000,
            "max_position_embeddings", positions));
  }

  private static long bytes(String flags) {
    return Estimates.of(T5, flags).allocatedBytes();
  }

  @Test
  void a_text_that_is_written_needs_a_length() {
    assertThatThrownBy(() -> bytes("--sequence-length 256"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "objective.completion_length is missing: a t5 model reads batch.sequence_length tokens"
                + " and writes so many, allowed: 1 or more, such as 128 for a summary");
  }

  @Test
  void both_texts_take_memory_and_the_one_that_is_read_takes_no_logits() {
    String full = "--method full --micro-batch 4 ";
    long both = bytes(full + LENGTHS);
    long longerSource = bytes(full + "--sequence-length 288 --completion-length 32") - both;
    long longerTarget = bytes(full + "--sequence-length 256 --completion-length 64") - both;
    long logits = 4L * 32 * 1000 * 2;

    assertThat(longerSource).isPositive();
    assertThat(longerTarget).isGreaterThan(logits);
  }

  /**
   * T5Stack.forward: encoder states are an argument of each layer, whose graph is not closed over.
   */
  @Test
  void reentrant_checkpoints_reach_the_encoder() {
    assertThat(
            bytes("--method full --checkpointing full --checkpointing-reentrant true " + LENGTHS))
        .isPositive();
  }

  /** transformers/trainer.py compute_loss: T5's class is none of a causal language model. */
  @Test
  void smoothed_labels_need_no_copy_of_all_logits_but_the_last() {
    String job = "--method full --micro-batch 2 --sequence-length 32 --completion-length 256 ";
    long smoothed = bytes(job + "--label-smoothing 0.1");

    assertThat(smoothed - bytes(job)).isLessThan(2L * 256 * 1000 * 4 * 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--stage dpo --framework trl",
        "--framework trl",
        "--framework llama-factory",
        "--segments 2",
        "--attention flash",
        "--model-dtype fp16 --precision fp16-mixed --method lora",
        "--loss cce"
      })
  void what_nobody_has_described_is_not_modelled(String flags) {
    assertThatThrownBy(() -> bytes(flags + " " + LENGTHS))
        .isInstanceOf(UnsupportedJobException.class);
  }

  @Test
  void texts_end_with_the_positions_that_are_learned() {
    Architecture bart = small("bart");

    assertThat(Estimates.of(bart, LENGTHS).allocatedBytes()).isPositive();
    assertThatThrownBy(() -> Estimates.of(bart, "--sequence-length 1025 --completion-length 32"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "batch.sequence_length is 1025, but texts of a bart model are shorter,"
                + " allowed: 1 to 1024");
    assertThatThrownBy(() -> Estimates.of(bart, "--sequence-length 32 --completion-length 1025"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "objective.completion_length is 1025, but texts of a bart model are shorter,"
                + " allowed: 1 to 1024");
  }

  /** The input embedding of BART is never called before Transformers 5.0. */
  @Test
  void adapters_on_bart_get_no_gradient_from_reentrant_checkpoints_before_five() {
    Architecture mbart = small("mbart");
    String job =
        LENGTHS
            + " --method lora --checkpointing full --transformers 4.57.6"
            + " --checkpointing-reentrant ";

    assertThat(Estimates.of(mbart, job + "false").allocatedBytes()).isPositive();
    assertThatThrownBy(() -> Estimates.of(mbart, job + "true"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("adapters get no gradient");
  }

  /** PegasusSinusoidalPositionalEmbedding: a table of the encoder's and one of the decoder's. */
  @ParameterizedTest
  @ValueSource(strings = {"pegasus", "marian"})
  void positions_that_nobody_trains_have_neither_gradients_nor_states(String type) {
    String full = LENGTHS + " --method full --precision bf16";
    long fewer = Estimates.of(small(type, 1024), full).allocatedBytes();
    long more = Estimates.of(small(type, 2048), full).allocatedBytes();

    assertThat(more - fewer).isEqualTo(2L * 1024 * 64 * 2);
  }

  @Test
  void a_marian_of_two_vocabularies_is_not_modelled() {
    assertThatThrownBy(
            () ->
                Estimates.model(
                    "marian", Map.of("d_model", 64, "share_encoder_decoder_embeddings", false)))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("two vocabularies");
  }

  @Test
  void biases_of_every_layer_are_not_modelled_in_kernels_without_masks() {
    Map<String, Object> umt5 =
        Map.of("d_model", 64, "d_kv", 16, "num_layers", 2, "num_heads", 4, "vocab_size", 1000);
    Architecture model = Estimates.model("umt5", umt5);

    assertThat(Estimates.of(model, LENGTHS).allocatedBytes()).isPositive();
    assertThatThrownBy(() -> Estimates.of(model, LENGTHS + " --attention flash"))
        .isInstanceOf(UnsupportedJobException.class);
  }
}
