package dev.vramcast.answers.guide;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.cost.Bill;
import dev.vramcast.core.cost.OnDemandCost;
import dev.vramcast.core.cost.SpotCost;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.cost.Work;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.plan.machine.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An example of the guide by its hours and its price list, beside our own hours.
 *
 * @param price of all GPUs by the list
 * @param cost the stated hours at that price
 * @param own our hours; empty when the guide states too little, or the job does not fit
 * @param why one line on our hours, or on why there are none
 */
record ExampleCost(CostExample example, UsdPerHour price, Usd cost, Optional<Own> own, String why) {

  /**
   * Our own answer.
   *
   * @param low empty on spot
   * @param high empty on spot
   */
  record Own(
      Duration time, Optional<Duration> low, Optional<Duration> high, Usd cost, String verdict) {}

  static List<ExampleCost> all() {
    List<Offer> list = PriceLists.open(PriceLists.GUIDE, Optional.empty()).list().offers();
    return CostExample.all().stream().map(example -> of(example, list)).toList();
  }

  private static ExampleCost of(CostExample example, List<Offer> list) {
    Gpu gpu = GpuCatalog.embedded().find(example.gpu()).gpu();
    Purchase purchase = example.isSpot() ? Purchase.SPOT : Purchase.ON_DEMAND;
    UsdPerHour each =
        list.stream()
            .filter(offer -> offer.gpu().equals(gpu))
            .flatMap(offer -> offer.pricePerGpu(purchase).stream())
            .findFirst()
            .orElseThrow();
    UsdPerHour price = new UsdPerHour(each.amount().multiply(BigDecimal.valueOf(example.gpus())));
    Usd cost = Usd.of(price, Duration.ofHours(example.bill().hours()));
    List<String> missing = ExampleJob.missing(example);
    if (!missing.isEmpty()) {
      String why = "no hours of our own: not stated are " + String.join(" and ", missing);
      return new ExampleCost(example, price, cost, Optional.empty(), why);
    }
    Outcome outcome = ExampleJob.run(example, gpu);
    if (outcome instanceof Outcome.Runs runs) {
      return new ExampleCost(
          example, price, cost, own(runs, price, purchase), why(example, runs.verdict().words()));
    }
    return new ExampleCost(example, price, cost, Optional.empty(), "it does not fit");
  }

  private static Optional<Own> own(Outcome.Runs runs, UsdPerHour price, Purchase purchase) {
    Work work = runs.work();
    if (purchase == Purchase.ON_DEMAND) {
      Usd total = OnDemandCost.of(work, Bill.of(price)).total();
      return Optional.of(
          new Own(
              work.total(),
              Optional.of(work.low()),
              Optional.of(work.high()),
              total,
              runs.verdict().words()));
    }
    return SpotRun.of(work, SpotTerms.USUAL)
        .map(
            run ->
                new Own(
                    run.expected(),
                    Optional.empty(),
                    Optional.empty(),
                    SpotCost.of(run, Bill.of(price)).expected(),
                    runs.verdict().words()));
  }

  private static String why(CostExample example, String verdict) {
    List<String> notes = new ArrayList<>(List.of("memory: " + verdict));
    if (example.data().epochs().isEmpty()) {
      notes.add("for one epoch, since none are stated");
    }
    if (example.isSpot()) {
      notes.add("expected, with an interruption every 24 hours, a choice");
    }
    return String.join("; ", notes);
  }
}
