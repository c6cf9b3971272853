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
    assertThat(range(Measurements.rising(runs, 4)).high()).isEqualTo(high);
  }

  @Test
  void the_lower_end_mirrors_the_upper_one() {
    List<Measurement> falling =
        Measurements.rising(39, 4).stream()
            .map(t -> Measurements.of(t.source(), 2 - t.ratio()))
            .toList();

    assertThat(range(falling).low()).isEqualTo(0.62);
  }

  @Test
  void the_estimate_is_in_its_range() {
    assertThat(range(Measurements.rising(60, 4)).low()).isEqualTo(1);
  }

  @Test
  void ends_are_rounded_outwards() {
    List<Measurement> measurements = new ArrayList<>();
    for (int i = 0; i < 19; i++) {
      measurements.add(Measurements.of("source " + i % 4, i == 0 ? 0.9999999 : 1.0000001));
    }

    assertThat(range(measurements)).isEqualTo(new ErrorRange(0.999999, 1.000001));
  }

  @Test
  void fewer_than_nineteen_runs_say_nothing_about_one_in_twenty() {
    assertThat(new ErrorPool(Measurements.rising(18, 4)).range()).isEmpty();
    assertThat(new ErrorPool(List.of()).range()).isEmpty();
  }

  @Test
  void fewer_than_four_sources_say_nothing_about_another() {
    assertThat(new ErrorPool(Measurements.rising(100, 3)).range()).isEmpty();
    assertThat(new ErrorPool(Measurements.rising(100, 4)).range()).isPresent();
  }

  /** 1000 runs of one source are as 20 beside those of the others, and so 20 of 80. */
  @Test
  void a_large_source_does_not_set_the_range() {
    List<Measurement> measurements = new ArrayList<>(Measurements.rising(60, 3));
    measurements.addAll(Collections.nCopies(1000, Measurements.of("large", 1)));

    assertThat(range(measurements).high()).isEqualTo(1.57);
  }

  @Test
  void a_bound_above_the_estimate_counts_and_one_below_does_not() {
    List<Measurement> measurements = new ArrayList<>(Measurements.rising(38, 4));
    measurements.add(Measurements.bound("source 0", 0.2));
    assertThat(range(measurements)).isEqualTo(new ErrorRange(1, 1.38));

    for (int i = 0; i < 3; i++) {
      measurements.add(Measurements.bound("source 0", 1.9));
    }
    assertThat(range(measurements).high()).isEqualTo(1.9);
  }

  @Test
  void a_bound_agrees_with_all_that_reaches_up_to_it() {
    ErrorRange range = new ErrorRange(0.9, 1.1);

    assertThat(Measurements.bound("a", 0.1).isWithin(range)).isTrue();
    assertThat(Measurements.of("a", 0.1).isWithin(range)).isFalse();
    assertThat(Measurements.bound("a", 1.2).isWithin(range)).isFalse();
    assertThat(Measurements.of("a", 1.1).isWithin(range)).isTrue();
  }

  private static ErrorRange range(List<Measurement> measurements) {
    return new ErrorPool(measurements).range().orElseThrow();
  }
}
