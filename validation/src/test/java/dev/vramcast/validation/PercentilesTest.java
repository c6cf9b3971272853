package dev.vramcast.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PercentilesTest {

  @Test
  void a_position_between_two_values_is_interpolated() {
    Percentiles four = new Percentiles(List.of(4.0, 1.0, 3.0, 2.0));

    assertThat(four.at(0.5)).hasValue(2.5);
    assertThat(four.at(0.9).getAsDouble()).isCloseTo(3.7, within(1e-12));
    assertThat(four.at(0.95).getAsDouble()).isCloseTo(3.85, within(1e-12));
  }

  @Test
  void the_ends_are_the_least_and_the_largest_value() {
    Percentiles values = new Percentiles(List.of(-3.0, 10.0, 5.0));

    assertThat(values.at(0)).hasValue(-3);
    assertThat(values.at(1)).hasValue(10);
  }

  @Test
  void one_value_is_every_percentile() {
    assertThat(new Percentiles(List.of(7.0)).at(0.95)).hasValue(7);
  }

  @Test
  void no_values_have_no_percentile() {
    assertThat(new Percentiles(List.of()).at(0.5)).isEmpty();
  }
}
