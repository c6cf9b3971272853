package dev.vramcast.core.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.fit.Maximum.Values;
import dev.vramcast.core.job.document.JobKey;
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
                Maximum.BY_THE_ESTIMATE)
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
                  Maximum.FOR_CERTAIN)
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
    Maximum batch =
        Maximum.of(
                Fits.evaluator(32_768),
                Fits.job("--method lora"),
                Values.upTo(JobKey.MICRO_BATCH, 4096),
                check -> batch(check) <= 40 && batch(check) != 38)
            .orElseThrow();

    assertThat(batch.value()).isEqualTo(37);
    assertThat(batch(batch.check())).isEqualTo(37);
  }

  @Test
  void lengths_that_ranks_cannot_share_are_not_looked_at() {
    Values lengths = Values.multiples(JobKey.SEQUENCE_LENGTH, 8, 513, 8190);
    Maximum longest =
        Maximum.of(
                Fits.evaluator(32_768),
                Fits.job("--method lora --checkpointing full --count 4 --context 4"),
                lengths,
                check -> true)
            .orElseThrow();

    assertThat(lengths.at(0)).isEqualTo(520);
    assertThat(longest.value()).isEqualTo(8184);
  }

  private static int batch(FitCheck check) {
    return check.resolution().job().batch().microBatch();
  }

  @Test
  void nothing_is_found_where_not_even_one_fits() {
    assertThat(
            Maximum.of(
                Fits.evaluator(64),
                Fits.job("--method lora"),
                Values.upTo(JobKey.MICRO_BATCH, 4096),
                Maximum.BY_THE_ESTIMATE))
        .isEmpty();
  }

  private static long spare(FitEvaluator evaluator, int batch) {
    return evaluator.check(Fits.job("--method lora --micro-batch " + batch)).spareBytes();
  }
}
