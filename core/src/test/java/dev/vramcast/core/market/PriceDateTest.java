package dev.vramcast.core.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceDateTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 25);

  @ParameterizedTest
  @ValueSource(strings = {"2026-07-01", "2026-06-03..2026-09-30", "..2026-08-21"})
  void is_written_as_it_is_read(String text) {
    assertThat(PriceDate.parse(text))
        .hasValueSatisfying(date -> assertThat(date).hasToString(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "..",
        "2026",
        "2026-7-1",
        "01.07.2026",
        "2026-02-30",
        "2026-07-01..",
        "2026-07-02..2026-07-01",
        "1970-01-01",
        "9999-01-01",
        "2026-07-01T00:00:00Z"
      })
  void refuses_what_is_no_day_or_span(String text) {
    assertThat(PriceDate.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-25, 0 days",
    "2026-11-24, 1 day",
    "2026-11-02, 23 days",
    "2026-07-01, 5 months",
    "2026-06-03..2026-09-30, 2 to 6 months",
    "2026-11-20..2026-11-22, 3 to 5 days",
    "2026-09-01..2026-11-25, 0 to 3 months",
    "..2025-12-31, 11 months or more",
    "..2026-11-20, 5 days or more",
    "2026-12-05, dated 10 days ahead",
    "2026-11-20..2026-12-05, 0 to 5 days",
  })
  void says_how_old_it_is(String date, String age) {
    assertThat(age(date).text()).isEqualTo(age);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-24, 0",
    "2026-07-01, 5",
    "2026-06-03..2026-09-30, 2 to 6",
    "..2025-12-31, 11+",
    "2026-12-05, 0",
  })
  void says_how_many_months_old_it_is(String date, String age) {
    assertThat(age(date).inMonths()).isEqualTo(age);
  }

  private static PriceAge age(String date) {
    return PriceDate.parse(date).orElseThrow().age(TODAY);
  }
}
