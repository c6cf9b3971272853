package dev.vramcast.answers.first;

import dev.vramcast.answers.prices.AgeLimit;
import dev.vramcast.answers.prices.PricesTable;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Money;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.SpeedRange;
import dev.vramcast.core.time.TimeEstimate;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Hours and dollars of a job on its card.
 *
 * @param run empty where nothing says how much is trained on
 * @param offer the cheapest of such machines whose price is young; empty where none is listed
 * @param today tells how old its price is
 */
public record Rent(
    TimeEstimate time, Optional<RunEstimate> run, Optional<Offer> offer, LocalDate today) {

  private static final double SAMPLE = 1e6;
  private static final double NANOS = 1e9;

  /** On the market of the list that is part of this program. */
  public static Rent of(
      TimeEstimate time, Optional<RunEstimate> run, Gpu gpu, int count, LocalDate today) {
    List<Offer> such =
        PriceLists.open(PriceLists.MARKET, Optional.empty()).list().offers().stream()
            .filter(offer -> offer.gpu().equals(gpu) && offer.count() == count)
            .filter(offer -> offer.onDemand().isPresent())
            .toList();
    Optional<Offer> cheapest =
        AgeLimit.usual(such, today).stream()
            .min(Comparator.comparing(offer -> offer.price(Purchase.ON_DEMAND).orElseThrow()));
    return new Rent(time, run, cheapest, today);
  }

  /** One sentence. */
  public String line() {
    SpeedRange range = time.throughput().range();
    String speed =
        count(time.tokensPerSecond())
            + " tokens/s ("
            + count(range.low())
            + " to "
            + count(range.high())
            + "): ";
    return speed + run.map(this::whole).orElseGet(this::sample) + price();
  }

  private String whole(RunEstimate whole) {
    return "the run takes "
        + Spans.text(whole.total())
        + " ("
        + Spans.text(whole.low())
        + " to "
        + Spans.text(whole.high())
        + ")"
        + dollars(whole.total());
  }

  private String sample() {
    Duration each = Duration.ofNanos((long) (SAMPLE / time.tokensPerSecond() * NANOS));
    return "a million tokens take " + Spans.text(each) + dollars(each);
  }

  private String dollars(Duration duration) {
    return hourly().map(price -> " and $" + Money.text(Usd.of(price, duration))).orElse("");
  }

  private Optional<UsdPerHour> hourly() {
    return offer.flatMap(machine -> machine.price(Purchase.ON_DEMAND));
  }

  private String price() {
    return offer
        .map(
            machine ->
                ", at $"
                    + hourly().orElseThrow().text(2)
                    + " an hour of "
                    + PricesTable.clean(machine.provider())
                    + "; age of the price: "
                    + machine.asOf().age(today).text()
                    + ".")
        .orElse("; no price of such a machine is in the list.");
  }

  private static String count(double number) {
    return Gib.grouped(Math.round(number));
  }
}
