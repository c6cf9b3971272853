package dev.vramcast.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import dev.vramcast.core.data.QuantileLengths.Point;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LengthDistributionTest {

  private static final QuantileLengths QUANTILES =
      new QuantileLengths(List.of(new Point(0, 100), new Point(0.5, 200), new Point(1, 1000)));

  private static LengthDistribution random(Random random) {
    if (random.nextBoolean()) {
      return CountedLengths.of(random.ints(1 + random.nextInt(20), 0, 50).boxed().toList());
    }
    TreeMap<Double, Integer> points = new TreeMap<>();
    TreeSet<Integer> tokens = new TreeSet<>(random.ints(5, 0, 1000).boxed().toList());
    int last = tokens.last();
    for (int length : tokens) {
      points.put(length == tokens.first() ? 0 : random.nextDouble(), length);
    }
    List<Integer> rising = List.copyOf(tokens).subList(0, points.size());
    List<Double> shares = List.copyOf(points.keySet());
    List<Point> all = new java.util.ArrayList<>();
    for (int i = 0; i < shares.size(); i++) {
      all.add(new Point(shares.get(i), rising.get(i)));
    }
    all.add(new Point(1, last));
    return new QuantileLengths(all);
  }

  @Test
  void counted_lengths_answer_from_the_examples() {
    CountedLengths lengths = CountedLengths.of(List.of(30, 10, 10, 50));

    assertThat(lengths.examples()).isEqualTo(4);
    assertThat(lengths.mean()).isEqualTo(25);
    assertThat(lengths.max()).isEqualTo(50);
    assertThat(lengths.quantile(0.5)).isEqualTo(10);
    assertThat(lengths.quantile(0.51)).isEqualTo(30);
    assertThat(lengths.shareUpTo(9)).isZero();
    assertThat(lengths.shareUpTo(10)).isEqualTo(0.5);
    assertThat(lengths.shareUpTo(49)).isEqualTo(0.75);
    assertThat(lengths.cutAt(20)).isEqualTo(CountedLengths.of(Map.of(10, 2L, 20, 2L)));
    assertThat(lengths.lengths()).containsExactly(10, 10, 30, 50);
  }

  @Test
  void between_quantiles_lengths_are_spread_evenly() {
    assertThat(QUANTILES.mean()).isEqualTo(0.5 * 150 + 0.5 * 600);
    assertThat(QUANTILES.quantile(0.25)).isEqualTo(150);
    assertThat(QUANTILES.quantile(0.75)).isEqualTo(600);
    assertThat(QUANTILES.shareUpTo(99)).isZero();
    assertThat(QUANTILES.shareUpTo(150)).isEqualTo(0.25);
    assertThat(QUANTILES.shareUpTo(600)).isEqualTo(0.75);
    assertThat(QUANTILES.shareUpTo(1000)).isEqualTo(1);
    assertThat(QUANTILES.cutAt(600).quantile(0.9)).isEqualTo(600);
    assertThat(QUANTILES.cutAt(600).mean()).isEqualTo(0.5 * 150 + 0.25 * 400 + 0.25 * 600);
    assertThat(QUANTILES.cutAt(50).mean()).isEqualTo(50);
  }

  @Test
  void lengths_that_half_of_the_examples_share_are_all_up_to_that_length() {
    QuantileLengths flat =
        new QuantileLengths(List.of(new Point(0, 1), new Point(0.5, 80), new Point(1, 80)));

    assertThat(flat.shareUpTo(80)).isEqualTo(1);
    assertThat(flat.shareUpTo(79)).isLessThan(0.5);
  }

  @Test
  void quantiles_rise_and_lead_back_to_their_share() {
    qt().forAll(longs().all())
        .checkAssert(
            seed -> {
              Random random = new Random(seed);
              LengthDistribution lengths = random(random);
              double low = random.nextDouble();
              double high = low + (1 - low) * random.nextDouble();
              assertThat(lengths.quantile(low)).isLessThanOrEqualTo(lengths.quantile(high));
              assertThat(lengths.quantile(1)).isEqualTo(lengths.max());
              // A length is a whole number, so one more token makes up for what rounding took.
              assertThat(lengths.shareUpTo(lengths.quantile(low) + 1)).isGreaterThanOrEqualTo(low);
              assertThat(lengths.mean()).isBetween(0.0, (double) lengths.max());
            });
  }

  @Test
  void cutting_changes_only_what_is_longer() {
    qt().forAll(longs().all())
        .checkAssert(
            seed -> {
              Random random = new Random(seed);
              LengthDistribution lengths = random(random);
              int limit = 1 + random.nextInt(1000);
              LengthDistribution cut = lengths.cutAt(limit);
              int shorter = random.nextInt(limit);
              assertThat(cut.max()).isEqualTo(Math.min(limit, lengths.max()));
              assertThat(cut.shareUpTo(shorter))
                  .isCloseTo(lengths.shareUpTo(shorter), within(1e-9));
              assertThat(cut.mean()).isLessThanOrEqualTo(lengths.mean() + 1e-9);
            });
  }

  @Test
  void a_counter_keeps_short_lengths_and_the_longest_exactly() {
    LengthCounter counter = new LengthCounter();
    for (int length = 1; length <= 300_000; length++) {
      counter.add(length);
    }
    counter.add(7_000_001);
    CountedLengths lengths = counter.lengths();

    assertThat(lengths.examples()).isEqualTo(300_001);
    assertThat(lengths.max()).isEqualTo(7_000_001);
    assertThat(lengths.shareUpTo(1234)).isEqualTo(1234 / 300_001.0);
    int tenth = lengths.quantile(250_000 / 300_001.0);
    assertThat(tenth).isBetween(250_000, 250_000 + 250_000 / 2048);
    assertThat(lengths.mean()).isCloseTo(counter.tokens() / 300_001, within(100.0));
  }

  @Test
  void a_counter_of_equal_lengths_is_exact() {
    LengthCounter counter = new LengthCounter();
    counter.add(5001);
    counter.add(5001);

    assertThat(counter.lengths()).isEqualTo(CountedLengths.of(List.of(5001, 5001)));
  }

  @Test
  void an_example_that_no_memory_holds_counts_as_the_longest_there_is() {
    LengthCounter counter = new LengthCounter();
    counter.add(Long.MAX_VALUE);

    assertThat(counter.lengths().max()).isEqualTo(LengthDistribution.LONGEST);
  }

  @Test
  void what_is_no_distribution_is_refused() {
    assertThatThrownBy(() -> CountedLengths.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new QuantileLengths(List.of(new Point(0, 5), new Point(1, 4))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new QuantileLengths(List.of(new Point(0.1, 4), new Point(1, 5))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void characters_are_counted_as_people_see_them_and_rounded_up() {
    CharactersPerToken counter = new CharactersPerToken(4);

    assertThat(counter.count("")).isZero();
    assertThat(counter.count("abcd")).isEqualTo(1);
    assertThat(counter.count("abcde")).isEqualTo(2);
    assertThat(counter.count("\ud83d\ude00".repeat(8))).isEqualTo(2);
    assertThatThrownBy(() -> new CharactersPerToken(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
