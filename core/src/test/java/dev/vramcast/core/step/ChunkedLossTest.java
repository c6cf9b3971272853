package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.trace.Category;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each way to chunk a loss holds at the peak, in logits of a vocabulary that dwarfs all. */
class ChunkedLossTest {

  private static final long WORDS = 65_536;

  /** Bytes beside logits: losses, positions and gradients of hidden states. */
  private static final long FEW_PER_TOKEN = 2_200;

  private final Architecture model = Steps.model("llama", Map.of("vocab_size", (int) WORDS));

  @ParameterizedTest
  @ValueSource(ints = {1024, 2048})
  void a_checkpointed_chunk_holds_three_fp32_copies_of_its_own_logits_alone(int length) {
    // Log-probabilities, their gradient and that of the logits.
    check("trl --framework-version 1.14", length, 3 * 4 * 256 * WORDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 2048})
  void a_tile_holds_16_bit_logits_of_its_words_alone(int length) {
    check("trl --framework-version 1.15", length, 2L * 32_768 * (length - 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {5120, 8192})
  void a_fused_loss_holds_the_16_bit_logits_of_two_chunks_however_many_there_are(int length) {
    long chunk = (1L << 30) / 4 / WORDS;
    check("unsloth --framework-version 2025.8", length, 2 * 2 * chunk * WORDS);
  }

  /** Of 4 GiB, so 2 in 16 bits. */
  @Test
  void a_fused_loss_takes_all_logits_at_once_where_their_fp32_copy_is_no_more_than_it_may_be() {
    check("unsloth", 16_384, 2L * 16_384 * WORDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 2048})
  void a_loop_that_keeps_its_outputs_has_old_and_new_ones_when_the_model_returns(int length) {
    // Those of the step before, the new ones in 16 bits, and in fp32.
    check("litgpt", length, (4L + 2 + 4) * length * WORDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 2048})
  void chunks_of_outputs_share_nothing_but_the_fp32_logits_of_one_of_eight(int length) {
    // 16-bit logits and log-probabilities of all chunks.
    check(
        "torchtune --framework-version 0.6",
        length,
        (2L + 4) * length * WORDS + 4L * length / 8 * WORDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 2048})
  void chunks_of_tokens_leave_log_probabilities_and_no_logits(int length) {
    // Beside all log-probabilities, the gradients of one chunk's and of its fp32 logits.
    check("torchtune", length, 4L * length * WORDS + 2 * 4L * length / 8 * WORDS);
  }

  @ParameterizedTest
  @CsvSource({"1024, 0.6", "2048, 0.6", "1024, 0.7", "2048, 0.7"})
  void chunks_whose_cross_entropy_is_compiled_keep_16_bit_logits_alone(int length, String version) {
    // Beside those of all chunks, the gradient of one chunk's.
    check(
        "torchtune --compile true --framework-version " + version,
        length,
        2L * length * WORDS + 2L * length / 8 * WORDS);
  }

  /** Falcon's forward pass has lines between head and loss that others do not have. */
  @ParameterizedTest
  @CsvSource({"1024, 2024.12", "2048, 2025.8", "2048, 2026.7"})
  void a_loss_that_a_compiler_does_not_find_in_the_model_takes_all_logits_in_16_bits(
      int length, String version) {
    Architecture falcon = Steps.model("falcon", Map.of("vocab_size", (int) WORDS));

    check(falcon, "unsloth --framework-version " + version, length, 2L * length * WORDS);
  }

  private void check(String framework, int length, long logits) {
    check(model, framework, length, logits);
  }

  private static void check(Architecture model, String framework, int length, long logits) {
    String flags =
        "--method lora --precision bf16 --checkpointing full --loss chunked --micro-batch 1"
            + " --sequence-length "
            + length
            + " --framework "
            + framework;
    assertThat(Steps.read(model, flags).breakdown().get(Category.LOGITS_AND_LOSS))
        .isCloseTo(logits, within(FEW_PER_TOKEN * length));
  }
}
