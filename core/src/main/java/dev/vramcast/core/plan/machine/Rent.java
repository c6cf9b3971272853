package dev.vramcast.core.plan.machine;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.LifeEstimator;
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
   * @param offers those of a card
   * @param today tells how old the prices are
   */
  public record Market(Function<Gpu, List<Offer>> offers, LocalDate today) {

    /** The cheapest machine of so many cards that holds the run and whose price is young. */
    private Optional<Offer> cheapest(Gpu gpu, int count, Supplier<Life> life) {
      List<Offer> such =
          offers.apply(gpu).stream()
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
    Resolution resolution = check.resolution();
    ResolvedJob job = resolution.job();
    if (!TimeEstimator.knows(gpu, job)) {
      return Optional.empty();
    }
    TimeEstimate time = TimeEstimator.estimate(architecture, job, gpu, MatmulType.PRECISION);
    Optional<RunEstimate> run = RunEstimator.estimate(time, resolution, RunExtras.USUAL);
    Supplier<Life> life = () -> LifeEstimator.estimate(architecture, resolution, check.memory());
    return Optional.of(of(time, run, resolution, gpu, life, market));
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
    return hourly().map(price -> Usd.of(price, billed(duration())));
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

  /** A sample has a run around it, of which it is billed its share. */
  private Duration billed(Duration duration) {
    return run.isEmpty() ? duration : offer.orElseThrow().terms().billed(duration);
  }

  /** Of the machine. */
  public Optional<UsdPerHour> hourly() {
    return offer.flatMap(machine -> machine.price(Purchase.ON_DEMAND));
  }
}
