package dev.vramcast.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class WorstBatchTest {

  /** 98 examples of 100 tokens and two of 1000. */
  private static final CountedLengths LENGTHS = CountedLengths.of(Map.of(100, 98L, 1000, 2L));

  private static WorstBatch batch(int cutOff, int dataParallel, double epochs) {
    return new WorstBatch(
        LENGTHS, cutOff, 2, dataParallel, OptionalDouble.of(100), epochs, Optional.empty());
  }

  @Test
  void the_longest_batch_is_that_of_the_longest_example_or_the_cut_off() {
    assertThat(batch(5000, 1, 1).longest()).isEqualTo(1000);
    assertThat(batch(5000, 1, 1).shareCut()).isZero();
    assertThat(batch(400, 1, 1).longest()).isEqualTo(400);
    assertThat(batch(400, 1, 1).shareCut()).isCloseTo(0.02, within(1e-12));
    assertThat(batch(400, 1, 1).batches().shareUpTo(400)).isEqualTo(1);
  }

  @Test
  void one_long_batch_on_any_gpu_is_enough() {
    WorstBatch batch = batch(5000, 4, 1);

    assertThat(batch.batches().shareUpTo(999)).isCloseTo(Math.pow(0.98, 2), within(1e-12));
    assertThat(batch.rounds().shareUpTo(999)).isCloseTo(Math.pow(0.98, 8), within(1e-12));
  }

  @Test
  void a_whole_epoch_meets_every_example() {
    assertThat(batch(5000, 1, 1).chanceWithin(999)).hasValue(0);
    assertThat(batch(5000, 1, 1).chanceWithin(1000)).hasValue(1);
    assertThat(batch(999, 1, 3).chanceWithin(999)).hasValue(1);
  }

  @Test
  void a_quarter_of_an_epoch_leaves_each_example_out_three_times_of_four() {
    assertThat(batch(5000, 1, 0.25).chanceWithin(999).getAsDouble())
        .isCloseTo(0.75 * 0.75, within(1e-9));
    assertThat(batch(5000, 1, 0.25).chanceWithin(1000)).hasValue(1);
    WorstBatch unknown =
        new WorstBatch(LENGTHS, 5000, 2, 1, OptionalDouble.empty(), 0.25, Optional.empty());
    assertThat(unknown.chanceWithin(999)).isEmpty();
  }
}
