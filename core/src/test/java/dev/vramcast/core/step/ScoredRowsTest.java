package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.PassHead.Reports;
import dev.vramcast.core.run.episode.ResidentModel;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoredRowsTest {

  private static Pass pass(int sequences, int length) {
    return new Pass(
        ResidentModel.POLICY,
        false,
        new PassBatch(sequences, length),
        new PassHead.LogProbabilities(
            StageHead.GRADIENT_BESIDE, 10L * sequences, Reports.NONE, Set.of()));
  }

  /** What {@code autotune_batch_and_chunks} of unsloth_zoo 2026.10.9 gives. */
  @ParameterizedTest
  @CsvSource({
    "14, 32, 2048, 2560, 151936, 16",
    "14, 8, 2048, 2560, 151936, 8",
    "4, 8, 2048, 4096, 128256, 4",
    "1, 8, 2048, 4096, 128256, 2",
    "60, 64, 9000, 4096, 151936, 22"
  })
  void as_many_sequences_are_scored_as_are_reckoned_to_fit(
      long gib, int all, int length, long width, long words, int rows) {
    Pass scored = ScoredRows.of(pass(1, length), all, width, words, OptionalLong.of(gib << 30));

    assertThat(scored.batch()).isEqualTo(new PassBatch(rows, length));
    assertThat(((PassHead.LogProbabilities) scored.head()).labels()).isEqualTo(10L * rows);
  }

  @Test
  void without_a_card_the_whole_batch_is_scored_at_once() {
    Pass scored = ScoredRows.of(pass(4, 9000), 64, 4096, 151_936, OptionalLong.empty());

    assertThat(scored.batch().sequences()).isEqualTo(256);
    assertThat(scored.graph()).isFalse();
  }
}
