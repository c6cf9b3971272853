package dev.vramcast.answers.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShareTest {

  @Test
  void only_all_is_a_hundred_percent_and_only_none_is_nothing() {
    assertThat(Share.percent(1)).isEqualTo("100 %");
    assertThat(Share.percent(0)).isEqualTo("0 %");
    assertThat(Share.percent(0.9923)).isEqualTo("99.2 %");
    assertThat(Share.percent(0.99996)).isEqualTo("99.996 %");
    assertThat(Share.percent(0.0000123)).isEqualTo("0.001 %");
    assertThat(Share.percent(1e-12)).isEqualTo("<0.000001 %");
    assertThat(Share.percent(1 - 1e-12)).isEqualTo(">99.999999 %");
  }

  @Test
  void a_count_has_two_digits_that_matter() {
    assertThat(Share.about(31.4)).isEqualTo("31");
    assertThat(Share.about(1.449)).isEqualTo("1.4");
    assertThat(Share.about(1234567)).isEqualTo("1200000");
  }
}
