package dev.vramcast.core.time.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.MatmulClass;
import dev.vramcast.core.time.Seconds;
import dev.vramcast.core.time.Times;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeSpeedTest {

  /** An H100: 989 TFLOPS × 0.46 / 1.43 = 318.1 TFLOPS, for 7e9 × 6 operations a token. */
  @ParameterizedTest
  @CsvSource({
    "9.0, 989, false, 7575",
    "9.0, 989, true, 11362",
    "8.0, 312, false, 3065",
    "10.0, 2250, false, 17607",
    "8.9, 165.2, true, 3342",
    "gfx942, 1307, false, 8705",
    "gfx950, 2500, false, 23310",
    "n/a, 100, false, 833",
  })
  void speed_is_what_the_peak_leaves_for_six_or_four_operations_a_parameter(
      String capability, double tera, boolean adapters, double speed) {
    SizeSpeed known =
        SizeSpeed.of(7e9, adapters, false, Times.card("X1", capability, tera, 1000, "NVLink"), 1);

    assertThat(known.tokensPerSecond()).isCloseTo(speed, withinPercentage(0.1));
    assertThat(known.factor()).isEqualTo(2.03);
  }

  @Test
  void server_cards_of_the_ada_generation_reach_less_than_others() {
    double server = speed(MatmulClass.ADA_SERVER);
    double consumer = speed(MatmulClass.RTX);

    assertThat(server / consumer).isCloseTo(0.40 / 0.81, withinPercentage(1e-9));
  }

  /** 148 TFLOPS × 0.98 × 0.46 / 0.59 / 1.43, for 7e9 × 4 operations a token. */
  @Test
  void a_hopper_for_export_keeps_what_hoppers_lose() {
    Gpu card = Cards.with(Times.card(), Cards.rates(MatmulClass.H20, 4000, 148));

    assertThat(SizeSpeed.of(7e9, true, false, card, 1).tokensPerSecond())
        .isCloseTo(2824, withinPercentage(0.1));
  }

  private static double speed(MatmulClass reached) {
    Gpu card = Cards.with(Times.card(), Cards.rates(reached, 1000, 100));
    return SizeSpeed.of(1e9, true, true, card, 1).tokensPerSecond();
  }

  @Test
  void eight_cards_are_eight_times_as_fast_and_a_4_bit_base_less_certain() {
    SizeSpeed one = SizeSpeed.of(7e9, true, true, Times.card(), 1);
    SizeSpeed eight = SizeSpeed.of(7e9, true, true, Times.card(), 8);

    assertThat(eight.tokensPerSecond())
        .isCloseTo(8 * one.tokensPerSecond(), withinPercentage(1e-9));
    assertThat(eight.factor()).isEqualTo(2.94);
  }

  @Test
  void times_beyond_all_measure_still_sum() {
    Duration utmost = Seconds.duration(Double.POSITIVE_INFINITY);

    assertThat(utmost).isEqualTo(Duration.ofSeconds(1_000_000_000_000_000_000L));
    assertThat(utmost.plus(utmost).plus(utmost).plus(utmost)).isGreaterThan(utmost);
  }
}
