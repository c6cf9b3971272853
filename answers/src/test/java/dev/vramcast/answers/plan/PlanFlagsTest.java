package dev.vramcast.answers.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanFlagsTest {

  @ParameterizedTest
  @ValueSource(strings = {"200", "$200", "200usd", "200 USD", "USD 200", "US$200", "200 dollars"})
  void a_budget_is_dollars_however_they_are_called(String text) {
    assertThat(PlanFlags.limits(Optional.of(text), Optional.empty(), Optional.empty()).budget())
        .hasValue(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"200eur", "€200", "200 €", "GBP 200", "£200"})
  void other_money_is_refused_with_the_reason(String text) {
    assertThatThrownBy(
            () -> PlanFlags.limits(Optional.of(text), Optional.empty(), Optional.empty()))
        .hasMessageContaining("prices are in US dollars, and no rates are known");
  }

  @ParameterizedTest
  @ValueSource(strings = {"36h", "36 hours", "36hrs", "1.5 days", "2160 minutes", "1.5d"})
  void a_deadline_may_be_written_out(String text) {
    assertThat(PlanFlags.limits(Optional.empty(), Optional.of(text), Optional.empty()).deadline())
        .hasValue(Duration.ofHours(36));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tonight", "36", "36x", "0h"})
  void what_is_no_time_is_refused(String text) {
    assertThatThrownBy(
            () -> PlanFlags.limits(Optional.empty(), Optional.of(text), Optional.empty()))
        .hasMessageContaining("with s, min, h, d or w");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 usd", "-5", "20k", "usd"})
  void what_is_no_sum_of_money_is_refused(String text) {
    assertThatThrownBy(
            () -> PlanFlags.limits(Optional.of(text), Optional.empty(), Optional.empty()))
        .hasMessageContaining("US dollars above 0")
        .hasMessageNotContaining("no rates are known");
  }
}
