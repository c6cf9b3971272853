package dev.vramcast.answers.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.cost.Usd;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How bytes, counts, durations and amounts are written for people. */
class NumbersTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0.00 GiB",
    "1073741824, 1.00 GiB",
    "9932111872, 9.25 GiB",
    "-5368709120, -5.00 GiB",
    "10737419, 0.01 GiB",
    "10737418, 10.2 MiB",
    "5242880, 5.0 MiB",
    "-5242880, -5.0 MiB",
    "52428, <0.1 MiB",
    "1, <0.1 MiB",
  })
  void bytes_are_gib_and_what_would_read_as_nothing_is_mib(long bytes, String text) {
    assertThat(Gib.text(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"25757220864, 24.0 GiB, 25.8", "50000000, 0.0 GiB, 0.1"})
  void the_size_of_a_card_has_one_decimal_in_gib_and_in_gb(long bytes, String card, String gb) {
    assertThat(Gib.card(bytes)).isEqualTo(card);
    assertThat(Gib.gigabytes(bytes)).isEqualTo(gb);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 0",
        "999; 999",
        "1000; 1,000",
        "-999; -999",
        "-1000; -1,000",
        "1234567; 1,234,567",
        "-9223372036854775808; -9,223,372,036,854,775,808",
      })
  void thousands_have_commas(long number, String text) {
    assertThat(Gib.grouped(number)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0.125, 2, 0.13", "-0.125, 2, -0.13", "2.5, 0, 3", "1e21, 0, 1000000000000000000000"})
  void halves_are_rounded_away_from_nothing(double value, int decimals, String text) {
    assertThat(Gib.rounded(value, decimals)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 0",
        "999999; 999,999",
        "1000000; 1.0 million",
        "51240000; 51.2 million",
        "999000000; 999.0 million",
        "1000000000; 1.00 billion",
        "1504000000; 1.50 billion",
      })
  void tokens_are_counted_in_millions_and_billions(double tokens, String text) {
    assertThat(Counts.tokens(tokens)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0 offers", "1, 1 offer", "2, 2 offers"})
  void only_one_is_singular(int count, String text) {
    assertThat(Counts.of(count, "offer")).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.00 s",
    "119990, 119.99 s",
    "120000, 2.0 min",
    "7199000, 120.0 min",
    "7200000, 2.0 h",
    "45000000, 12.5 h",
    "345599000, 96.0 h",
    "345600000, 4.0 days",
    "31536000000, 365.0 days",
  })
  void a_duration_is_told_in_the_unit_that_leaves_few_digits(long milliseconds, String text) {
    assertThat(Spans.text(Duration.ofMillis(milliseconds))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 0.00; <0.0001",
        "0.00005; <0.01; <0.0001",
        "0.0001; <0.01; 0.0001",
        "0.0054; <0.01; 0.0054",
        "0.01; 0.01; 0.0100",
        "0.05412; 0.05; 0.0541",
        "2.755; 2.76; 2.76",
        "12.3; 12.30; 12.30",
        "999.99; 999.99; 999.99",
        "1000; 1,000; 1,000",
        "1784.5; 1,785; 1,785",
      })
  void amounts_are_to_a_cent_and_large_ones_to_a_dollar(
      BigDecimal amount, String text, String exact) {
    assertThat(Money.text(new Usd(amount))).isEqualTo(text);
    assertThat(Money.exact(new Usd(amount))).isEqualTo(exact);
    assertThat(Money.dollars(new Usd(amount))).matches("<?\\$[\\d.,]+");
    assertThat(Money.exactDollars(new Usd(amount))).matches("<?\\$[\\d.,]+");
  }
}
