package dev.vramcast.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScaleTest {

  @Test
  void ticks_are_round_and_few() {
    assertThat(new Scale(26L << 30, 100).ticks()).containsExactly(0.0, 5.0, 10.0, 15.0, 20.0, 25.0);
    assertThat(new Scale(1L << 20, 100).ticks()).hasSizeBetween(3, 9);
    assertThat(new Scale(5000L << 30, 100).ticks()).hasSizeBetween(3, 9);
    assertThat(Scale.label(0.30000000000000004)).isEqualTo("0.3");
  }
}
