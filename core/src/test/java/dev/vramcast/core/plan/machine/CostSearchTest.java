package dev.vramcast.core.plan.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.cost.Work;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.life.Stored;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.plan.Markets;
import dev.vramcast.core.range.Verdict;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CostSearchTest {

  private static final FitCheck CHECK = Markets.evaluator().check(Markets.job("--method lora"));

  private static final CostRow SLOW = row("slow", 10, Optional.of("1"), Optional.of("0.9"));
  private static final CostRow FAST = row("fast", 1, Optional.of("40"), Optional.empty());
  private static final CostRow SPOT = row("spot", 0.5, Optional.empty(), Optional.of("2"));

  @Test
  void the_cheapest_is_that_of_the_way_to_rent_wherever_it_stands() {
    CostSearch search = search(FAST, SPOT, SLOW);

    assertThat(search.cheapest(Purchase.ON_DEMAND)).hasValue(SLOW);
    assertThat(search.cheapest(Purchase.SPOT)).hasValue(SPOT);
    assertThat(search(FAST).cheapest(Purchase.SPOT)).isEmpty();
  }

  @Test
  void the_fastest_can_be_had_on_demand() {
    assertThat(search(SLOW, SPOT, FAST).fastest(Purchase.ON_DEMAND)).hasValue(FAST);
    assertThat(search(SPOT).fastest(Purchase.ON_DEMAND)).isEmpty();
  }

  /** Of 20 GB at $0.09, and 100 GB for half an hour at $0.10 a month. */
  @Test
  void a_list_of_spot_prices_alone_charges_what_is_stored_on_spot_alone() {
    OfferTerms terms =
        OfferTerms.UNKNOWN.charging(OptionalDouble.of(0.10), OptionalDouble.of(0.09));
    Offer charging = SPOT.spot().orElseThrow().toBuilder().terms(terms).build();
    CostRow row =
        new CostRow(
            SPOT.gpu(),
            1,
            SPOT.runs(),
            Optional.empty(),
            Optional.of(charging),
            SPOT.spotRun(),
            new Stored(100_000_000_000L, 20_000_000_000L));

    assertThat(row.beside(Purchase.ON_DEMAND)).isEmpty();
    assertThat(row.onDemandCost()).isEmpty();
    assertThat(row.beside(Purchase.SPOT).orElseThrow().text(2)).isEqualTo("1.81");
    assertThat(row.cost(Purchase.SPOT).orElseThrow())
        .isEqualTo(
            SPOT.cost(Purchase.SPOT).orElseThrow().plus(row.beside(Purchase.SPOT).orElseThrow()));
  }

  private static CostSearch search(CostRow... rows) {
    return new CostSearch(List.of(rows), List.of());
  }

  private static CostRow row(
      String name, double hours, Optional<String> onDemand, Optional<String> spot) {
    Gpu gpu = Markets.gpu(name, 24_000, "8.0", 300, "none");
    Duration busy = Duration.ofSeconds(Math.round(hours * 3600));
    Work work = new Work(1e9, Duration.ZERO, busy, Duration.ofSeconds(10), busy, busy, busy);
    Outcome.Runs runs =
        new Outcome.Runs(Verdict.FITS, OptionalDouble.empty(), Optional.empty(), 1, 2, work, CHECK);
    return new CostRow(
        gpu,
        1,
        runs,
        onDemand.map(price -> offer(gpu, Optional.of(price), Optional.empty())),
        spot.map(price -> offer(gpu, Optional.empty(), Optional.of(price))),
        SpotRun.of(work, SpotTerms.USUAL),
        Stored.NOTHING);
  }

  private static Offer offer(Gpu gpu, Optional<String> onDemand, Optional<String> spot) {
    return Offer.builder()
        .provider("test")
        .gpu(gpu)
        .count(1)
        .onDemand(onDemand.map(UsdPerHour::of))
        .spot(spot.map(UsdPerHour::of))
        .asOf(PriceDate.of(LocalDate.of(2026, 9, 1)))
        .source("test")
        .build();
  }
}
