package dev.vramcast.answers.prices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.market.AgeLimit;
import org.junit.jupiter.api.Test;

class AgeCutTest {

  @Test
  void nothing_is_said_where_nothing_is_left_out() {
    assertThat(AgeCut.NONE.notice()).isEmpty();
    assertThat(new AgeCut(AgeLimit.USUAL, 0, false).notice()).isEmpty();
    assertThat(new AgeCut(AgeLimit.NONE, 7, true).notice()).isEmpty();
  }

  @Test
  void what_is_left_out_is_counted_with_the_way_to_have_it() {
    assertThat(said(new AgeCut(AgeLimit.parse("30d"), 1, false)))
        .isEqualTo(
            "1 offer left out, whose price is more than 30 days old; --max-price-age any counts"
                + " them too");
    assertThat(said(new AgeCut(AgeLimit.USUAL, 12, false)))
        .startsWith("12 offers left out, whose price is more than 120 days old");
  }

  @Test
  void where_no_price_is_young_the_youngest_count_and_that_is_said() {
    assertThat(said(new AgeCut(AgeLimit.USUAL, 0, true)))
        .isEqualTo("No price is at most 120 days old, so the youngest of each card counts");
    assertThat(said(new AgeCut(AgeLimit.USUAL, 2, true))).endsWith("; 2 older offers left out");
  }

  private static String said(AgeCut cut) {
    return cut.notice().orElseThrow().toString();
  }
}
