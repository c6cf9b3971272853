package dev.vramcast.core.job.code;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossChunksTest {

  private static final long GIB = 1L << 30;

  /** unsloth_zoo/fused_losses/cross_entropy_loss.py get_chunk_size, since July 2026. */
  @ParameterizedTest
  @CsvSource({"4, 80, 1", "5, 80, 4", "17, 80, 8", "1, 2, 1", "2, 2, 4", "5, 2, 8"})
  void chunks_take_half_of_the_free_memory_and_at_most_the_limit(
      long logits, long free, long count) {
    LossChunks.FusedInFree chunks = new LossChunks.FusedInFree(4 * GIB, false, "");

    assertThat(chunks.count(logits * GIB, free * GIB)).isEqualTo(count);
  }

  /** Before, Python's {@code max(round(n_splits) * 4, 1)}, which rounds halves to even numbers. */
  @ParameterizedTest
  @CsvSource({"4, 80, 1", "40, 80, 1", "4, 4, 1", "6, 4, 4", "20, 4, 8", "28, 4, 16"})
  void before_the_nearest_multiple_of_four_was_taken(long logits, long free, long count) {
    LossChunks.FusedInFree chunks = new LossChunks.FusedInFree(Long.MAX_VALUE, true, "");

    assertThat(chunks.count(logits * GIB, free * GIB)).isEqualTo(count);
  }
}
