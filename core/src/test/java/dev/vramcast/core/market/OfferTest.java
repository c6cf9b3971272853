package dev.vramcast.core.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.MemorySize;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfferTest {

  private static final Gpu GPU =
      Cards.card("H100", "9.0", new MemorySize(81559, true, 80), "NVLink");

  @Test
  void a_gpu_costs_its_share_of_the_machine() {
    Offer offer = offer(8, "31.92", "10");

    assertThat(offer.pricePerGpu(Purchase.ON_DEMAND)).contains(UsdPerHour.of("3.99"));
    assertThat(offer.pricePerGpu(Purchase.SPOT)).contains(UsdPerHour.of("1.25"));
    assertThat(offer.price(Purchase.SPOT)).contains(UsdPerHour.of("10"));
  }

  @Test
  void shares_are_rounded_to_a_ten_thousandth_of_a_cent() {
    assertThat(UsdPerHour.of("1").share(3)).hasToString("0.333333");
    assertThat(UsdPerHour.of("5").share(3)).hasToString("1.666667");
  }

  @Test
  void prices_are_exact() {
    assertThat(UsdPerHour.of("0.30")).isEqualTo(UsdPerHour.of("0.3")).hasToString("0.3");
    assertThat(UsdPerHour.of("100")).hasToString("100");
    assertThat(UsdPerHour.of("5.075").text(2)).isEqualTo("5.08");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "-1", "0.0009", "1.000000001", "100000.01", "1e30", "-1e-400", "1e-400"})
  void what_nobody_pays_is_no_price(String number) {
    assertThat(UsdPerHour.isPrice(new BigDecimal(number))).isFalse();
    assertThatThrownBy(() -> UsdPerHour.of(number)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_offer_has_a_price_a_possible_count_and_spot_below_on_demand() {
    assertThatThrownBy(() -> offer(1, null, null)).hasMessage("no price");
    assertThatThrownBy(() -> offer(0, "1", null)).hasMessage("count 0");
    assertThatThrownBy(() -> offer(1025, "1", null)).hasMessage("count 1025");
    assertThatThrownBy(() -> offer(1, "1", "1.0")).hasMessage("spot 1 is not below 1");
    assertThat(offer(1, null, "1").onDemand()).isEmpty();
  }

  @Test
  void several_offers_are_as_old_as_the_newest_to_the_oldest() {
    List<Offer> offers = List.of(offerOf("2026-06-03..2026-09-30"), offerOf("..2025-12-31"));
    LocalDate today = LocalDate.of(2026, 11, 25);

    assertThat(PriceAge.of(offers, today).orElseThrow().text()).isEqualTo("2 to 11 months or more");
    assertThat(PriceAge.of(List.of(), today)).isEmpty();
  }

  private static Offer offerOf(String date) {
    return offer(1, "1", null).toBuilder().asOf(PriceDate.parse(date).orElseThrow()).build();
  }

  private static Offer offer(int count, String onDemand, String spot) {
    return Offer.builder()
        .provider("cloud")
        .instance("big")
        .gpu(GPU)
        .count(count)
        .onDemand(Optional.ofNullable(onDemand).map(UsdPerHour::of))
        .spot(Optional.ofNullable(spot).map(UsdPerHour::of))
        .asOf(PriceDate.of(LocalDate.of(2026, 7, 1)))
        .source("made for this test")
        .build();
  }
}
