package dev.vramcast.answers.prices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.market.Offer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtraTest {

  private static final Offer ANY =
      PriceLists.open(PriceLists.GUIDE, Optional.empty()).list().offers().get(0);

  private static Offer offer(char prices) {
    OptionalDouble none = OptionalDouble.empty();
    OptionalDouble one = OptionalDouble.of(1);
    boolean both = prices == 'b';
    return ANY.toBuilder()
        .terms(
            ANY.terms()
                .charging(both || prices == 's' ? one : none, both || prices == 't' ? one : none))
        .build();
  }

  /** Columns: of each offer its prices, of storage, of traffic, of both or of none. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nn|Storage and traffic are in no price|Storage and traffic; the least",
        "bb|Storage is that of the run's disk for the time that is billed, traffic what is carried"
            + " home, by the prices of the list|The least",
        "bn|Storage and traffic are counted where the list has their prices, and in no other"
            + " price|Storage and traffic where a list has no price of them; the least",
        "tt|Traffic is what is carried home, by the prices of the list; storage is in no price"
            + "|Storage; the least",
        "ss|Storage is that of the run's disk for the time that is billed, by the prices of the"
            + " list; traffic is in no price|Traffic; the least",
        "bt|Traffic is what is carried home, by the prices of the list; storage is counted where"
            + " the list has its price, and in no other price"
            + "|Storage where a list has no price of it; the least",
      })
  void each_is_told_by_its_own_price(String prices, String counted, String leftOut) {
    List<Offer> offers = prices.chars().mapToObj(each -> offer((char) each)).toList();

    assertThat(Extra.counted(offers)).isEqualTo(counted);
    assertThat(Extra.leftOut(offers))
        .isEqualTo(leftOut + " time that is billed where a list has it not.");
  }

  @ParameterizedTest
  @CsvSource({"b, storage and traffic", "s, storage", "t, traffic"})
  void an_offer_names_what_it_has_prices_of(char prices, String words) {
    assertThat(Extra.priced(offer(prices))).isEqualTo(words);
  }
}
