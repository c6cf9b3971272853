package dev.vramcast.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchLengthsTest {

  /** Ten examples of 1 to 10 tokens. */
  private static final CountedLengths TEN =
      CountedLengths.of(IntStream.rangeClosed(1, 10).boxed().toList());

  @Test
  void a_batch_is_short_when_all_its_examples_are() {
    BatchLengths batches = new BatchLengths(TEN, 3);

    assertThat(batches.shareUpTo(9)).isCloseTo(0.9 * 0.9 * 0.9, within(1e-12));
    assertThat(batches.shareUpTo(10)).isEqualTo(1);
    assertThat(batches.shareUpTo(0)).isZero();
    assertThat(batches.quantile(0.9 * 0.9 * 0.9 - 1e-9)).isEqualTo(9);
    assertThat(batches.batchesToLonger(9)).isCloseTo(1 / 0.271, within(1e-9));
    assertThat(batches.batchesToLonger(10)).isInfinite().isPositive();
    assertThat(batches.batchesToLonger(0)).isEqualTo(1);
  }

  @Test
  void drawing_batches_gives_the_same_share() {
    Random random = new Random(7);
    List<Integer> lengths = TEN.lengths();
    int batches = 100_000;
    long shortOnes =
        IntStream.range(0, batches)
            .filter(i -> random.ints(4, 0, 10).map(lengths::get).max().orElseThrow() <= 8)
            .count();

    assertThat((double) shortOnes / batches)
        .isCloseTo(new BatchLengths(TEN, 4).shareUpTo(8), within(0.01));
  }

  @Test
  void the_rarest_long_example_keeps_its_digits() {
    CountedLengths rare = CountedLengths.of(java.util.Map.of(10, 999_999_999_999L, 20, 1L));

    assertThat(new BatchLengths(rare, 4).batchesToLonger(10)).isCloseTo(2.5e11, within(1e8));
  }

  @Test
  void a_batch_has_an_example() {
    assertThatThrownBy(() -> new BatchLengths(TEN, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
