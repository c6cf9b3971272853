package dev.vramcast.validation.range;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.range.ErrorRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorPoolTest {

  /** Of n equal runs the ⌈0.95 (n + 1)⌉-th smallest. */
  @ParameterizedTest
  @CsvSource({"19, 1.19", "38, 1.38", "39, 1.38", "58, 1.57", "59, 1.57", "60, 1.58"})
  void the_upper_end_is_the_quantile_with_one_run_more(int runs, double high) {
    assertThat(range(Truths.rising(runs, 4)).high()).isEqualTo(high);
  }

  @Test
  void the_lower_end_mirrors_the_upper_one() {
    List<Truth> falling =
        Truths.rising(39, 4).stream().map(t -> Truths.of(t.source(), 2 - t.ratio())).toList();

    assertThat(range(falling).low()).isEqualTo(0.62);
  }

  @Test
  void the_estimate_is_in_its_range() {
    assertThat(range(Truths.rising(60, 4)).low()).isEqualTo(1);
  }

  @Test
  void ends_are_rounded_outwards() {
    List<Truth> truths = new ArrayList<>();
    for (int i = 0; i < 19; i++) {
      truths.add(Truths.of("source " + i % 4, i == 0 ? 0.9999999 : 1.0000001));
    }

    assertThat(range(truths)).isEqualTo(new ErrorRange(0.999999, 1.000001));
  }

  @Test
  void fewer_than_nineteen_runs_say_nothing_about_one_in_twenty() {
    assertThat(new ErrorPool(Truths.rising(18, 4)).range()).isEmpty();
    assertThat(new ErrorPool(List.of()).range()).isEmpty();
  }

  @Test
  void fewer_than_four_sources_say_nothing_about_another() {
    assertThat(new ErrorPool(Truths.rising(100, 3)).range()).isEmpty();
    assertThat(new ErrorPool(Truths.rising(100, 4)).range()).isPresent();
  }

  /** 1000 runs of one source are as 20 beside those of the others, and so 20 of 80. */
  @Test
  void a_large_source_does_not_set_the_range() {
    List<Truth> truths = new ArrayList<>(Truths.rising(60, 3));
    truths.addAll(Collections.nCopies(1000, Truths.of("large", 1)));

    assertThat(range(truths).high()).isEqualTo(1.57);
  }

  @Test
  void a_bound_above_the_estimate_counts_and_one_below_does_not() {
    List<Truth> truths = new ArrayList<>(Truths.rising(38, 4));
    truths.add(Truths.bound("source 0", 0.2));
    assertThat(range(truths)).isEqualTo(new ErrorRange(1, 1.38));

    for (int i = 0; i < 3; i++) {
      truths.add(Truths.bound("source 0", 1.9));
    }
    assertThat(range(truths).high()).isEqualTo(1.9);
  }

  @Test
  void a_bound_agrees_with_all_that_reaches_up_to_it() {
    ErrorRange range = new ErrorRange(0.9, 1.1);

    assertThat(Truths.bound("a", 0.1).isWithin(range)).isTrue();
    assertThat(Truths.of("a", 0.1).isWithin(range)).isFalse();
    assertThat(Truths.bound("a", 1.2).isWithin(range)).isFalse();
    assertThat(Truths.of("a", 1.1).isWithin(range)).isTrue();
  }

  private static ErrorRange range(List<Truth> truths) {
    return new ErrorPool(truths).range().orElseThrow();
  }
}
