package dev.vramcast.answers.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CostExamplesTest {

  private static final List<ExampleCost> COSTS = ExampleCost.all();

  private static final Map<String, ExampleCost> BY_ID =
      COSTS.stream().collect(Collectors.toMap(cost -> cost.example().id(), cost -> cost));

  @Test
  void four_examples_have_seven_costs() {
    assertThat(COSTS)
        .extracting(cost -> cost.example().id())
        .containsExactly("1", "2a", "2b", "2b-spot", "3", "4-low", "4-high");
  }

  /** What is printed is rounded to dollars or to cents. */
  @Test
  void each_is_the_stated_hours_times_the_price_list() {
    assertThat(COSTS)
        .allSatisfy(
            cost -> {
              BigDecimal printed = cost.example().bill().usd();
              assertThat(cost.cost().amount().setScale(printed.scale(), RoundingMode.HALF_UP))
                  .isEqualTo(printed);
              assertThat(cost.price().amount())
                  .isEqualByComparingTo(cost.example().bill().usdPerHour());
            });
  }

  @Test
  void our_own_hours_stand_where_the_guide_states_the_data() {
    assertThat(BY_ID.get("1").own()).isPresent();
    assertThat(BY_ID.get("2a").own()).isPresent();
    assertThat(BY_ID.get("2b").own()).isPresent();
    assertThat(BY_ID.get("2b-spot").own()).isPresent();
    assertThat(BY_ID.get("2b-spot").own().orElseThrow().time())
        .isGreaterThan(BY_ID.get("2b").own().orElseThrow().time());
  }

  @Test
  void what_is_missing_is_named_where_it_is_not() {
    assertThat(BY_ID.get("3").own()).isEmpty();
    assertThat(BY_ID.get("3").why()).endsWith("not stated are tokens per example");
    assertThat(BY_ID.get("4-low").own()).isEmpty();
    assertThat(BY_ID.get("4-high").why())
        .endsWith("not stated are the number of examples and tokens per example");
    assertThat(BY_ID.get("2a").why()).contains("for one epoch, since none are stated");
  }
}
