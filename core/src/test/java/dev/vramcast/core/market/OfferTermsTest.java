package dev.vramcast.core.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class OfferTermsTest {

  private static final OptionalDouble NONE = OptionalDouble.empty();

  @Test
  void the_time_a_machine_starts_is_billed_and_never_less_than_the_least() {
    OfferTerms terms =
        new OfferTerms(
            Optional.of(Duration.ofHours(1)),
            Optional.of(Duration.ofMinutes(5)),
            NONE,
            NONE,
            false,
            NONE);

    assertThat(terms.billed(Duration.ofMinutes(10))).isEqualTo(Duration.ofHours(1));
    assertThat(terms.billed(Duration.ofMinutes(55))).isEqualTo(Duration.ofHours(1));
    assertThat(terms.billed(Duration.ofMinutes(56))).isEqualTo(Duration.ofMinutes(61));
    assertThat(OfferTerms.UNKNOWN.billed(Duration.ofMinutes(10))).isEqualTo(Duration.ofMinutes(10));
  }
}
