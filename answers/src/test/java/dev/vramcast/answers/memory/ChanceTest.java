package dev.vramcast.answers.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.range.Verdict;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ChanceTest {

  @Test
  void what_is_tight_is_called_by_what_is_likelier_wherever_a_verdict_is_said() {
    for (double chance : new double[] {0.05, 0.36, 0.44, 0.94}) {
      OptionalDouble known = OptionalDouble.of(chance);
      assertThat(Chance.verdict(Verdict.TIGHT, known, true)).isEqualTo(Chance.likely(known, true));
    }
    assertThat(Chance.verdict(Verdict.FITS, OptionalDouble.of(0.97), true)).isEqualTo("fits");
    assertThat(Chance.verdict(Verdict.DOES_NOT_FIT, OptionalDouble.of(0.01), false))
        .isEqualTo("does not fit");
  }

  @Test
  void a_chance_below_one_percent_is_not_called_one() {
    assertThat(Chance.text(OptionalDouble.of(0.000_027_92))).isEqualTo("<1 %");
    assertThat(Chance.text(OptionalDouble.of(0.006))).isEqualTo("1 %");
    assertThat(Chance.text(OptionalDouble.of(1))).isEqualTo("99 %");
  }

  @Test
  void what_is_not_certain_is_called_by_what_is_likelier() {
    assertThat(Chance.verdict(Verdict.TIGHT, OptionalDouble.of(0.94), true))
        .isEqualTo("probably fits");
    assertThat(Chance.verdict(Verdict.TIGHT, OptionalDouble.of(0.05), true))
        .isEqualTo("very probably does not fit");
    assertThat(Chance.verdict(Verdict.TIGHT, OptionalDouble.empty(), false))
        .isEqualTo("probably does not fit");
    assertThat(Chance.verdict(Verdict.TIGHT, OptionalDouble.empty(), true))
        .isEqualTo("probably fits");
  }

  @Test
  void a_sentence_says_how_likely_it_is() {
    assertThat(Chance.likely(OptionalDouble.of(0.9), true)).isEqualTo("probably fits");
    assertThat(Chance.likely(OptionalDouble.of(0.48), true)).isEqualTo("may or may not fit");
    assertThat(Chance.likely(OptionalDouble.of(0.3), false)).isEqualTo("probably does not fit");
    assertThat(Chance.likely(OptionalDouble.of(0.05), false))
        .isEqualTo("very probably does not fit");
    assertThat(Chance.likely(OptionalDouble.empty(), false)).isEqualTo("probably does not fit");
  }

  @Test
  void what_is_certain_is_called_so_whatever_the_chance() {
    assertThat(Chance.verdict(Verdict.FITS, OptionalDouble.of(0.3), false)).isEqualTo("fits");
    assertThat(Chance.verdict(Verdict.DOES_NOT_FIT, OptionalDouble.empty(), true))
        .isEqualTo("does not fit");
  }

  @Test
  void a_chance_of_six_in_ten_is_probable_and_none_that_is_not_known() {
    assertThat(Chance.isProbable(OptionalDouble.of(0.6))).isTrue();
    assertThat(Chance.isProbable(OptionalDouble.of(0.59))).isFalse();
    assertThat(Chance.isProbable(OptionalDouble.empty())).isFalse();
  }
}
