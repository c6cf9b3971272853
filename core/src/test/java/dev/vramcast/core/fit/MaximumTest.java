package dev.vramcast.core.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.fit.Maximum.Values;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaximumTest {

  @ParameterizedTest
  @ValueSource(longs = {1500, 2048, 4096, 9000})
  void one_more_does_not_fit(long mebibytes) {
    FitEvaluator evaluator = Fits.evaluator(mebibytes);

    Maximum batch =
        Maximum.of(
                evaluator,
                Fits.job("--method lora"),
                Values.upTo(JobKey.MICRO_BATCH, 4096),
                Certainty.BY_THE_ESTIMATE)
            .orElseThrow();

    assertThat(batch.check().spareBytes()).isNotNegative();
    assertThat(spare(evaluator, batch.value() + 1)).isNegative();
  }

  @Test
  void a_larger_card_holds_no_less() {
    int before = 0;
    for (long mebibytes = 1024; mebibytes <= 32768; mebibytes *= 2) {
      int found =
          Maximum.of(
                  Fits.evaluator(mebibytes),
                  Fits.job("--method lora --checkpointing full"),
                  Values.upTo(JobKey.SEQUENCE_LENGTH, 8192),
                  Certainty.FOR_CERTAIN)
              .map(Maximum::value)
              .orElse(0);
      assertThat(found).isGreaterThanOrEqualTo(before);
      before = found;
    }
    assertThat(before).isEqualTo(8192);
  }

  /** Halving from 64 finds 40 here, since it never looks at 38. */
  @Test
  void a_value_that_does_not_fit_is_not_stepped_over() {
    assertThat(Maximum.largest(4096, value -> value <= 40 && value != 38)).isEqualTo(37);
  }

  @Test
  void lengths_that_ranks_cannot_share_are_not_looked_at() {
    Values lengths = Values.multiples(JobKey.SEQUENCE_LENGTH, 8, 513, 8190);
    Maximum longest =
        Maximum.of(
                Fits.evaluator(1 << 20),
                Fits.job("--method lora --checkpointing full --count 4 --context 4"),
                lengths,
                Certainty.BY_THE_ESTIMATE)
            .orElseThrow();

    assertThat(lengths.at(0)).isEqualTo(520);
    assertThat(longest.value()).isEqualTo(8184);
  }

  /** DeepSpeed's pieces have as many tokens as the model has features, 1024 here. */
  @ParameterizedTest
  @ValueSource(longs = {900, 1000, 1100, 1300, 1700, 2200})
  @Tag("slow")
  void longer_sequences_of_more_pieces_are_looked_at(long mebibytes) {
    FitEvaluator evaluator = Fits.evaluator(mebibytes);
    JobDocument job =
        Fits.job("--method lora --checkpointing full --tiled-mlp true --loss liger")
            .withFound(Fits.config());
    Values lengths = Values.multiples(JobKey.SEQUENCE_LENGTH, 64, 1, 8192);
    Certainty certainty = Certainty.BY_THE_ESTIMATE;

    Optional<Maximum> longest = Maximum.of(evaluator, job, lengths, certainty);

    List<Integer> fitting =
        IntStream.range(0, lengths.count())
            .map(lengths::at)
            .filter(
                length ->
                    evaluator
                        .tryCheck(job.with(JobKey.SEQUENCE_LENGTH, length, Values.SEARCHED))
                        .filter(certainty::isMet)
                        .isPresent())
            .boxed()
            .toList();
    int most = fitting.get(fitting.size() - 1);
    assertThat(longest.orElseThrow().value()).isEqualTo(most);
    assertThat(longest.orElseThrow().tooMuch().isPresent()).isEqualTo(fitting.size() < most / 64);
  }

  @Test
  void nothing_is_found_where_not_even_one_fits() {
    assertThat(
            Maximum.of(
                Fits.evaluator(64),
                Fits.job("--method lora"),
                Values.upTo(JobKey.MICRO_BATCH, 4096),
                Certainty.BY_THE_ESTIMATE))
        .isEmpty();
  }

  private static long spare(FitEvaluator evaluator, int batch) {
    return evaluator.check(Fits.job("--method lora --micro-batch " + batch)).spareBytes();
  }
}
