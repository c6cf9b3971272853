package dev.vramcast.core.plan.machine;

import dev.vramcast.core.cost.Bill;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.life.Stored;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Prices a run on each GPU of a market.
 *
 * @param rows the cheapest first, by one way to rent; what is not offered that way comes last
 * @param leftOut by name
 */
public record CostSearch(List<CostRow> rows, List<LeftOut> leftOut) {

  /**
   * A GPU that is on offer, and no machine with it holds the run.
   *
   * @param count of the largest machine
   * @param outcome on it
   */
  public record LeftOut(Gpu gpu, int count, Outcome outcome) {}

  public CostSearch {
    rows = List.copyOf(rows);
    leftOut = List.copyOf(leftOut);
  }

  /** Whether it runs nowhere, and memory is not why. */
  public boolean isImpossible() {
    return rows.isEmpty()
        && leftOut.stream().allMatch(left -> left.outcome() instanceof Outcome.Unknown);
  }

  /** The row that costs least by a way to rent; empty where none is offered that way. */
  public Optional<CostRow> cheapest(Purchase way) {
    return rows.stream()
        .filter(row -> row.cost(way).isPresent())
        .min(Comparator.comparing(row -> row.cost(way).orElseThrow()));
  }

  /** The row that is done first where it is rented in a way; empty where none is offered so. */
  public Optional<CostRow> fastest(Purchase way) {
    return rows.stream()
        .filter(row -> row.cost(way).isPresent())
        .min(Comparator.comparing(row -> row.time(way).orElseThrow()));
  }

  /**
   * Takes for each GPU the smallest machine that holds the run, alone or with others of its kind.
   *
   * @param purchase by which rows are ordered
   */
  public static CostSearch of(
      JobWorkload workload, List<Offer> offers, SpotTerms terms, Purchase purchase) {
    List<CostRow> rows = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    for (Map<Integer, List<Offer>> machines : byGpu(offers).values()) {
      Gpu gpu = machines.values().iterator().next().get(0).gpu();
      LeftOut last = null;
      for (Map.Entry<Integer, List<Offer>> machine : machines.entrySet()) {
        int count = machine.getKey();
        Outcome outcome = workload.on(gpu, count);
        if (outcome instanceof Outcome.Runs runs) {
          HostFilter.Found found = workload.holding(runs, machine.getValue());
          if (found.shortage().isEmpty()) {
            rows.add(
                row(
                    gpu,
                    count,
                    runs,
                    found.offers(),
                    terms,
                    workload.stored(runs, found.offers())));
            last = null;
            break;
          }
          outcome = new Outcome.MachineTooSmall(found.shortage().get());
        }
        last = new LeftOut(gpu, count, outcome);
      }
      Optional.ofNullable(last).ifPresent(leftOut::add);
    }
    rows.sort(order(purchase));
    return new CostSearch(rows, leftOut);
  }

  private static Map<String, Map<Integer, List<Offer>>> byGpu(List<Offer> offers) {
    Map<String, Map<Integer, List<Offer>>> machines = new TreeMap<>();
    for (Offer offer : offers) {
      machines
          .computeIfAbsent(offer.gpu().name(), name -> new TreeMap<>())
          .computeIfAbsent(offer.count(), count -> new ArrayList<>())
          .add(offer);
    }
    return machines;
  }

  private static CostRow row(
      Gpu gpu, int count, Outcome.Runs runs, List<Offer> offers, SpotTerms terms, Stored stored) {
    int machines = runs.check().machines();
    Optional<SpotRun> spot = SpotRun.of(runs.work(), terms.across(machines));
    Duration hopeless = runs.work().total();
    return new CostRow(
        gpu,
        count,
        runs,
        cheapest(offers, machines, Purchase.ON_DEMAND, runs.work().total(), stored),
        cheapest(
            offers, machines, Purchase.SPOT, spot.map(SpotRun::expected).orElse(hopeless), stored),
        spot,
        stored);
  }

  /** By what a run of some time costs with all that is paid for. */
  private static Optional<Offer> cheapest(
      List<Offer> offers, int machines, Purchase purchase, Duration time, Stored stored) {
    return offers.stream()
        .filter(offer -> offer.price(purchase, machines).isPresent())
        .min(
            Comparator.<Offer, Usd>comparing(
                    offer -> whole(offer, machines, purchase, time, stored))
                .thenComparing(Offer::provider)
                .thenComparing(Offer::instance)
                .thenComparing(Offer::region));
  }

  private static Usd whole(
      Offer offer, int machines, Purchase purchase, Duration time, Stored stored) {
    return Bill.of(offer, machines, purchase, stored).orElseThrow().whole(time);
  }

  private static Comparator<CostRow> order(Purchase purchase) {
    Comparator<Usd> cheapest = Comparator.nullsLast(Comparator.naturalOrder());
    return Comparator.<CostRow, Usd>comparing(row -> row.cost(purchase).orElse(null), cheapest)
        .thenComparing(row -> row.cost(Purchase.SPOT).orElse(null), cheapest)
        .thenComparing(row -> row.gpu().name());
  }
}
