package dev.vramcast.core.megatron.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.megatron.SavedTensorsTest;
import dev.vramcast.core.megatron.Stages;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import org.junit.jupiter.api.Test;

/** Adapters of rank 16 on the Llama whose saved tensors {@link SavedTensorsTest} counts. */
class AdaptersTest {

  private static final String LORA = "--method lora --rank 16 ";
  private static final String SWIFT = LORA + "--framework megatron-swift ";
  private static final long WHOLE_LAYER = 30_248;
  private static final long INNER = 2 * 16;

  /** Adapters keep the inputs that trained matrices would, and four results of rank 16. */
  @Test
  void adapters_everywhere_keep_what_full_training_keeps_and_their_low_ranks() {
    assertThat(Stages.savedByOneLayer(Stages.llama(2), LORA))
        .isEqualTo((WHOLE_LAYER + 4 * INNER) * Stages.TOKENS);
  }

  /** Both normalised inputs, 2 x 2h, are kept of all tokens and not of a share. */
  @Test
  void under_sequence_parallelism_adapters_keep_the_gathered_tokens() {
    String flags = LORA + "--count 2 --tensor 2 --sequence-parallel true";

    assertThat(Stages.savedByOneLayer(Stages.llama(2), flags))
        .isEqualTo((WHOLE_LAYER / 2 + 2 * 1024 + 4 * INNER) * Stages.TOKENS);
  }

  @Test
  void dropout_keeps_masks_and_what_is_left_of_the_inputs() {
    long inputs = 1024 + 1024 + 1024 + 2816;
    long dropped = 3 * inputs;
    long notKept = 2 * (1024 + 1024 + 2816);

    assertThat(Stages.savedByOneLayer(Stages.llama(2), LORA + "--dropout 0.1"))
        .isEqualTo((WHOLE_LAYER + 4 * INNER + dropped - notKept) * Stages.TOKENS);
  }

  /**
   * Query, key and value are one product with one adapter, as are gate and up. Frozen parameters
   * have neither gradients nor states.
   */
  @Test
  void adapters_alone_are_in_buffers_and_in_the_optimizer() {
    long inLayer = 16 * (1024L + 1536 + 1024 + 1024 + 1024 + 5632 + 2816 + 1024);
    long frozen = 2 * 11_274_240L + 2 * 8_388_608L + 1024;
    TraceReading reading = Stages.read(Stages.llama(2), LORA + "--count 4", 0);
    long inputs = (3 * 8 + 4) * Stages.TOKENS;

    assertThat(reading.phaseEnds().get(Phase.STEP))
        .isEqualTo(2 * frozen + (2 + 4 + 12 / 4) * 2 * inLayer + inputs);
    assertThat(reading.breakdown().get(Category.ADAPTERS)).isEqualTo(2 * 2 * inLayer);
  }

  /** A column-parallel matrix has a divided one after a divided rank, a row-parallel one both. */
  @Test
  void tensor_parallelism_divides_adapters_with_their_matrices() {
    long column = 8 * (1024L + 1024) + 16 * (768 + 2816);
    long row = 16 * (512L + 1408) + 16 * (512 + 512);
    TraceReading reading = Stages.read(Stages.llama(2), LORA + "--count 2 --tensor 2 --shard 1", 0);

    assertThat(reading.breakdown().get(Category.ADAPTERS)).isEqualTo(2 * 2 * (column + row));
  }

  /** Megatron-SWIFT's: the matrix on the side that the frozen one does not divide stays whole. */
  @Test
  void whole_adapters_are_divided_on_one_side_alone() {
    long column = 16 * (1024L + 768 + 1024 + 2816);
    long row = 16 * (512L + 1024 + 1408 + 1024);
    String flags = SWIFT + "--count 2 --tensor 2 --shard 1";
    TraceReading reading = Stages.read(Stages.llama(2), flags, 0);

    assertThat(reading.breakdown().get(Category.ADAPTERS)).isEqualTo(2 * 2 * (column + row));
  }

  /** They read a share of the tokens, and what row-parallel ones sum is scattered again. */
  @Test
  void whole_adapters_keep_a_share_of_the_tokens_under_sequence_parallelism() {
    String flags = SWIFT + "--count 2 --tensor 2 --sequence-parallel true";

    assertThat(Stages.savedByOneLayer(Stages.llama(2), flags))
        .isEqualTo((WHOLE_LAYER / 2 + 3 * INNER) * Stages.TOKENS);
  }

  /** Of 8 experts a rank of two has 4, each with adapters or with all the same. */
  @Test
  void experts_have_adapters_of_their_own_or_share_them() {
    long attention = 16 * (1024L + 1536 + 1024 + 1024);
    long expert = 16 * (1024L + 512 + 256 + 1024);
    String flags = "--count 2 --expert 2";

    assertThat(adapters(SWIFT + flags)).isEqualTo(2 * 2 * (attention + 4 * expert));
    assertThat(adapters(LORA + flags)).isEqualTo(2 * 2 * (attention + expert));
  }

  private static long adapters(String flags) {
    return Stages.read(Stages.mixture(), flags, 0).breakdown().get(Category.ADAPTERS);
  }

  @Test
  void a_rank_that_tensor_ranks_do_not_divide_is_refused() {
    assertThatThrownBy(
            () -> Stages.ranks(Stages.llama(2), "--method lora --rank 3 --count 2 --tensor 2"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "parallelism.tensor is 2, which does not divide the model's 3 ranks of the adapters,"
                + " allowed: 1, 3");
  }

  @Test
  void nothing_of_a_pass_is_left_after_the_step() {
    for (int stage = 0; stage < 2; stage++) {
      TraceReading reading =
          Stages.read(
              Stages.llama(8),
              LORA + "--dropout 0.1 --count 4 --tensor 2 --pipeline 2 --grad-accum 4",
              stage);

      assertThat(reading.phaseEnds().get(Phase.STEP))
          .isEqualTo(reading.phaseEnds().get(Phase.LOAD));
    }
  }
}
