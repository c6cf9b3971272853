package dev.vramcast.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.life.Stored;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.UsdPerHour;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ChargesTest {

  private static final OfferTerms TERMS =
      OfferTerms.UNKNOWN.charging(OptionalDouble.of(0.10), OptionalDouble.of(0.09));

  private static final OptionalDouble NONE = OptionalDouble.empty();

  private static final Stored STORED = new Stored(100_000_000_000L, 20_000_000_000L);

  /** A tenth of a month of 730 hours: 2 × 100 GB × 0.1 × $0.10, and 20 GB × $0.09. */
  @Test
  void each_machine_pays_for_its_disk_by_the_hour_and_what_is_carried_home_is_paid_once() {
    Charges charges = Charges.of(STORED, 2, TERMS);

    assertThat(charges.usd(Duration.ofHours(73)).amount().doubleValue())
        .isCloseTo(2.0 + 1.8, within(1e-9));
  }

  /** 73 hours of 100 GB at $0.10 a month, or 20 GB at $0.09. */
  @Test
  void a_list_with_one_of_both_prices_charges_that_alone() {
    OfferTerms storage = OfferTerms.UNKNOWN.charging(OptionalDouble.of(0.10), NONE);
    OfferTerms traffic = OfferTerms.UNKNOWN.charging(NONE, OptionalDouble.of(0.09));

    assertThat(Charges.stands(storage)).isTrue();
    assertThat(Charges.of(STORED, 1, storage).usd(Duration.ofHours(73)).text(2)).isEqualTo("1.00");
    assertThat(Charges.stands(traffic)).isTrue();
    assertThat(Charges.of(STORED, 1, traffic).usd(Duration.ofHours(73)).text(2)).isEqualTo("1.80");
  }

  @Test
  void what_a_list_does_not_say_costs_nothing() {
    assertThat(Charges.stands(OfferTerms.UNKNOWN)).isFalse();
    assertThat(Charges.of(STORED, 1, OfferTerms.UNKNOWN)).isEqualTo(Charges.NONE);
  }

  @Test
  void a_run_costs_its_machine_and_what_is_paid_beside_it() {
    Duration hour = Duration.ofHours(1);
    Work work = new Work(1e9, Duration.ZERO, hour, Duration.ofSeconds(10), hour, hour, hour);
    UsdPerHour price = UsdPerHour.of("2");

    OnDemandCost alone = OnDemandCost.of(work, new Bill(price, TERMS, Charges.NONE));
    OnDemandCost whole =
        OnDemandCost.of(work, new Bill(price, TERMS, Charges.of(STORED, 1, TERMS)));

    assertThat(alone.total().text(2)).isEqualTo("2.00");
    assertThat(whole.total().text(2)).isEqualTo("3.81");
    assertThat(whole.high().compareTo(alone.high())).isPositive();
  }
}
