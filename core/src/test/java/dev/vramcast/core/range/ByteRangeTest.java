package dev.vramcast.core.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {

  @ParameterizedTest
  @CsvSource({"110, FITS", "111, FITS", "109, TIGHT", "90, TIGHT", "89, DOES_NOT_FIT"})
  void a_card_within_the_range_is_tight(long card, Verdict verdict) {
    assertThat(new ByteRange(90, 110).verdict(card)).isEqualTo(verdict);
  }

  @Test
  void ends_are_whole_bytes_rounded_outwards() {
    assertThat(new ErrorRange(0.9, 1.1).about(5)).isEqualTo(new ByteRange(4, 6));
  }

  @Test
  void both_ends_are_inside() {
    ByteRange range = new ByteRange(4, 6);

    assertThat(range.contains(4) && range.contains(6)).isTrue();
    assertThat(range.contains(3) || range.contains(7)).isFalse();
  }

  @Test
  void a_range_that_leaves_out_its_estimate_is_refused() {
    assertThatThrownBy(() -> new ErrorRange(1.1, 1.2)).hasMessageContaining("1.1 to 1.2");
    assertThatThrownBy(() -> new ErrorRange(0.5, 0.9)).hasMessageContaining("0.5 to 0.9");
    assertThatThrownBy(() -> new ErrorRange(Double.NaN, 1)).hasMessageContaining("NaN");
  }
}
