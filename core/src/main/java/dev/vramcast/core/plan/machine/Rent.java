package dev.vramcast.core.plan.machine;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.cost.Bill;
import dev.vramcast.core.cost.Charges;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.LifeEstimator;
import dev.vramcast.core.life.Stored;
import dev.vramcast.core.market.AgeLimit;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.RunEstimator;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.core.time.work.TrainingData;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Hours and dollars of a job on its card.
 *
 * @param run empty where nothing says how much is trained on
 * @param filled all sequences of the run are taken to be as long as allowed
 * @param offer the cheapest of such machines whose price is young; empty where none is listed
 * @param machines of it that run the job together
 * @param apart whether such machines are listed, and nobody says what connects them
 * @param stored on its disk by the whole run
 * @param today tells how old its price is
 */
public record Rent(
    TimeEstimate time,
    Optional<RunEstimate> run,
    boolean filled,
    Optional<Offer> offer,
    int machines,
    boolean apart,
    Stored stored,
    LocalDate today) {

  private static final double SAMPLE = 1e6;
  private static final double NANOS = 1e9;

  /**
   * Machines for rent with their prices.
   *
   * @param offers those of a card
   * @param today tells how old the prices are
   */
  public record Market(Function<Gpu, List<Offer>> offers, LocalDate today) {

    /**
     * The machine that runs a job cheapest, alone or with others of its kind, of those that hold it
     * and whose price is young.
     */
    Optional<Offer> cheapest(Gpu gpu, Parallelism spread, Supplier<Life> life) {
      List<Offer> such =
          such(gpu, spread).stream()
              .filter(offer -> offer.joins(spread.nodes(), spread.network().isPresent()))
              .toList();
      return AgeLimit.usual(HostFilter.of(life, such).offers(), today).stream()
          .min(Comparator.comparing(offer -> offer.price(Purchase.ON_DEMAND).orElseThrow()));
    }

    /** Whether machines for a job are listed, and a network that it says would connect them. */
    boolean isApart(Gpu gpu, Parallelism spread) {
      List<Offer> such = such(gpu, spread);
      return spread.nodes() > 1
          && such.stream().noneMatch(offer -> offer.joins(spread.nodes(), false))
          && spread.network().isEmpty()
          && such.stream().anyMatch(offer -> offer.joins(spread.nodes(), true));
    }

    private List<Offer> such(Gpu gpu, Parallelism spread) {
      return offers.apply(gpu).stream()
          .filter(offer -> offer.holds(spread.gpus(), spread.nodes()))
          .filter(offer -> offer.price(Purchase.ON_DEMAND, spread.nodes()).isPresent())
          .toList();
    }
  }

  /**
   * On a market.
   *
   * @param life what the run takes of machines
   * @param stored asked for where a list has a price of it
   */
  public static Rent of(
      TimeEstimate time,
      Optional<RunEstimate> run,
      Resolution resolution,
      Gpu gpu,
      Supplier<Life> life,
      Supplier<Stored> stored,
      Market market) {
    Parallelism spread = resolution.job().parallelism();
    boolean filled = TrainingData.fillsSequences(resolution);
    Optional<Offer> offer = market.cheapest(gpu, spread, life);
    boolean paid = offer.filter(machine -> Charges.stands(machine.terms())).isPresent();
    Stored disk = paid ? stored.get() : Stored.NOTHING;
    boolean apart = market.isApart(gpu, spread);
    return new Rent(time, run, filled, offer, spread.nodes(), apart, disk, market.today());
  }

  /** Of a job held against its card; empty where the card's rates are not known. */
  public static Optional<Rent> of(
      Architecture architecture, FitCheck check, Gpu gpu, Market market) {
    Resolution resolution = check.resolution();
    ResolvedJob job = resolution.job();
    if (!TimeEstimator.knows(gpu, job)) {
      return Optional.empty();
    }
    TimeEstimate time = TimeEstimator.estimate(architecture, job, gpu, MatmulType.PRECISION);
    Optional<RunEstimate> run = RunEstimator.estimate(time, resolution, RunExtras.USUAL);
    Supplier<Life> life = () -> LifeEstimator.estimate(architecture, resolution, check.memory());
    Supplier<Stored> stored = () -> Stored.of(architecture, resolution);
    return Optional.of(of(time, run, resolution, gpu, life, stored, market));
  }

  /** What a job that fits costs on its card; empty where it has no price. */
  public static OptionalDouble dollars(Architecture architecture, FitCheck check, Market market) {
    return check
        .card()
        .flatMap(gpu -> of(architecture, check, gpu, market))
        .flatMap(Rent::price)
        .stream()
        .mapToDouble(usd -> usd.amount().doubleValue())
        .findFirst();
  }

  /** What the whole run costs; a million tokens where nothing says how long it is. */
  public Optional<Usd> price() {
    return offer
        .flatMap(machine -> Bill.of(machine, machines, Purchase.ON_DEMAND, stored))
        .map(bill -> (run.isPresent() ? bill : bill.ofPart()).whole(duration()));
  }

  /** Whether the price is one that a market that moves may no longer ask. */
  public boolean isOld() {
    return offer.filter(machine -> !AgeLimit.USUAL.isYoung(machine, today)).isPresent();
  }

  /** What the whole run takes; a million tokens where nothing says how long it is. */
  public Duration duration() {
    return run.map(RunEstimate::total)
        .orElseGet(() -> Duration.ofNanos((long) (SAMPLE / time.tokensPerSecond() * NANOS)));
  }

  /** Of all machines. */
  public Optional<UsdPerHour> hourly() {
    return offer.flatMap(machine -> machine.price(Purchase.ON_DEMAND, machines));
  }
}
