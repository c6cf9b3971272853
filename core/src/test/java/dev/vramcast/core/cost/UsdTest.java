package dev.vramcast.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vramcast.core.market.UsdPerHour;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsdTest {

  @ParameterizedTest
  @CsvSource({
    "0.92, PT3H, 2.76",
    "2.01, PT10H, 20.10",
    "55.77, PT32H, 1784.64",
    "31.92, PT30M, 15.96",
    "0.001, PT0S, 0",
    "100000, P365250D, 876600000000",
  })
  void a_cost_is_hours_times_the_price(String price, Duration time, BigDecimal cost) {
    assertThat(Usd.of(UsdPerHour.of(price), time).amount()).isEqualByComparingTo(cost);
  }

  @Test
  void nothing_is_lost_between_price_and_cost() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 1000; i++) {
      UsdPerHour price = new UsdPerHour(BigDecimal.valueOf(random.nextLong(1, 100_000_000), 3));
      Duration time = Duration.ofNanos(random.nextLong(1, Long.MAX_VALUE));
      BigDecimal hours = BigDecimal.valueOf(time.toNanos()).multiply(price.amount());
      BigDecimal paid = Usd.of(price, time).amount().multiply(BigDecimal.valueOf(3600, -9));

      assertThat(paid.subtract(hours).abs()).isLessThan(new BigDecimal("1e-6"));
    }
  }

  @Test
  void a_third_of_an_hour_is_not_rounded_to_cents() {
    Usd third = Usd.of(UsdPerHour.of("1"), Duration.ofMinutes(20));

    assertThat(third.rounded(20)).isEqualTo("0.33333333333333333333");
    assertThat(third.text(2)).isEqualTo("0.33");
  }

  @Test
  void a_million_tokens_cost_their_share() {
    assertThat(new Usd(new BigDecimal("30")).perMillion(15e6).amount()).isEqualByComparingTo("2");
    assertThat(new Usd(new BigDecimal("30")).perMillion(0.5e6).amount()).isEqualByComparingTo("60");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void tokens_that_are_no_number_cost_nothing_that_could_be_said(double tokens) {
    Usd usd = new Usd(BigDecimal.ONE);

    assertThatIllegalArgumentException().isThrownBy(() -> usd.perMillion(tokens));
  }

  @Test
  void nothing_costs_less_than_nothing() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Usd(BigDecimal.valueOf(-1)));
  }
}
