package dev.vramcast.answers.first;

import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.prices.AgeLimit;
import dev.vramcast.answers.prices.PricesTable;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Money;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.LifeEstimator;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.plan.machine.HostFilter;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.RunEstimator;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.core.time.SpeedRange;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.core.time.work.TrainingData;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Hours and dollars of a job on its card.
 *
 * @param run empty where nothing says how much is trained on
 * @param filled all sequences of the run are taken to be as long as allowed
 * @param offer the cheapest of such machines whose price is young; empty where none is listed
 * @param today tells how old its price is
 */
public record Rent(
    TimeEstimate time,
    Optional<RunEstimate> run,
    boolean filled,
    Optional<Offer> offer,
    LocalDate today) {

  private static final double SAMPLE = 1e6;
  private static final double NANOS = 1e9;

  /**
   * Machines for rent with their prices.
   *
   * @param prices what was fetched, and what is part of this program
   * @param today tells how old the prices are
   */
  public record Market(KeptPrices prices, LocalDate today) {

    /** That of a call. */
    public static Market usual(Call call) {
      return new Market(call.means().prices(), call.today());
    }

    /** The cheapest machine of so many cards that holds the run and whose price is young. */
    private Optional<Offer> cheapest(Gpu gpu, int count, Supplier<Life> life) {
      List<Offer> such =
          prices.usual(gpu).stream()
              .filter(offer -> offer.count() == count && offer.onDemand().isPresent())
              .toList();
      return AgeLimit.usual(HostFilter.of(life, such).offers(), today).stream()
          .min(Comparator.comparing(offer -> offer.price(Purchase.ON_DEMAND).orElseThrow()));
    }
  }

  /**
   * On a market.
   *
   * @param life what the run takes of machines
   */
  public static Rent of(
      TimeEstimate time,
      Optional<RunEstimate> run,
      Resolution resolution,
      Gpu gpu,
      Supplier<Life> life,
      Market market) {
    int count = resolution.job().parallelism().gpus();
    boolean filled = TrainingData.fillsSequences(resolution);
    return new Rent(time, run, filled, market.cheapest(gpu, count, life), market.today());
  }

  /** Of a job held against its card; empty where the card's rates are not known. */
  public static Optional<Rent> of(
      Architecture architecture, FitCheck check, Gpu gpu, Market market) {
    if (!TimeEstimator.knows(gpu)) {
      return Optional.empty();
    }
    Resolution resolution = check.resolution();
    ResolvedJob job = resolution.job();
    TimeEstimate time = TimeEstimator.estimate(architecture, job, gpu, MatmulType.PRECISION);
    Optional<RunEstimate> run = RunEstimator.estimate(time, resolution, RunExtras.USUAL);
    Supplier<Life> life = () -> LifeEstimator.estimate(architecture, resolution, check.memory());
    return Optional.of(of(time, run, resolution, gpu, life, market));
  }

  /** What the whole run costs; a million tokens where nothing says how long it is. */
  public Optional<Usd> price() {
    Duration duration = run.map(RunEstimate::total).orElseGet(this::sampleTime);
    return hourly().map(price -> Usd.of(price, billed(duration)));
  }

  /** Whether the price is one that a market that moves may no longer ask. */
  public boolean isOld() {
    return offer.filter(machine -> !AgeLimit.USUAL.isYoung(machine, today)).isPresent();
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
    return speed + run.map(this::whole).orElseGet(this::sample) + priceLine();
  }

  private String whole(RunEstimate whole) {
    return "the run takes "
        + Spans.text(whole.total())
        + " ("
        + Spans.text(whole.low())
        + " to "
        + Spans.text(whole.high())
        + ")"
        + dollars(whole.total())
        + (filled ? " if all sequences are as long as allowed" : "");
  }

  private String sample() {
    Duration each = sampleTime();
    return "a million tokens take " + Spans.text(each) + dollars(each);
  }

  private Duration sampleTime() {
    return Duration.ofNanos((long) (SAMPLE / time.tokensPerSecond() * NANOS));
  }

  private String dollars(Duration duration) {
    return hourly().map(price -> " and $" + Money.text(Usd.of(price, billed(duration)))).orElse("");
  }

  /** A sample has a run around it, of which it is billed its share. */
  private Duration billed(Duration duration) {
    return run.isEmpty() ? duration : offer.orElseThrow().terms().billed(duration);
  }

  /** Of the machine. */
  public Optional<UsdPerHour> hourly() {
    return offer.flatMap(machine -> machine.price(Purchase.ON_DEMAND));
  }

  private String priceLine() {
    return offer
        .map(
            machine ->
                ", at $"
                    + hourly().orElseThrow().text(2)
                    + " an hour of "
                    + PricesTable.provider(machine)
                    + "; age of the price: "
                    + machine.asOf().age(today).text()
                    + ".")
        .orElse("; no price of such a machine is in the list.");
  }

  private static String count(double number) {
    return Gib.grouped(Math.round(number));
  }
}
