package dev.vramcast.core.plan;

import dev.vramcast.core.cost.Charges;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.TimeEstimate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An offer with the settings that a job runs with on it.
 *
 * @param run undisturbed
 * @param spot how spot interruptions change it; empty on demand
 * @param check what the job needs of the card, which is within it for certain
 * @param reasons why the job is legal there, one sentence each
 */
public record PlanLine(
    Rental rental,
    TimeEstimate speed,
    RunEstimate run,
    Optional<SpotRun> spot,
    FitCheck check,
    List<Remark> reasons) {

  public PlanLine {
    reasons = List.copyOf(reasons);
  }

  /**
   * What is rented.
   *
   * @param nodes how many such machines
   * @param price of all of them as they are rented
   * @param billed for which the machine is paid; on spot on average
   * @param beside what storage and what is carried home cost, where a list has a price for them
   */
  public record Rental(Offer offer, int nodes, UsdPerHour price, Duration billed, Usd beside) {

    /** {@link #price} times {@link #billed}, and what is paid beside it. */
    Usd cost() {
      return Usd.of(price, billed).plus(beside);
    }
  }

  public Offer offer() {
    return rental.offer();
  }

  /** How many machines are rented. */
  public int nodes() {
    return rental.nodes();
  }

  /** Of all machines, by the hour. */
  public UsdPerHour price() {
    return rental.price();
  }

  /** How long is paid for. */
  public Duration billed() {
    return rental.billed();
  }

  /** What the whole run costs. */
  public Usd cost() {
    return rental.cost();
  }

  /** What of it storage and what is carried home cost; empty where no list says. */
  public Optional<Usd> beside() {
    return Charges.stands(offer().terms()) ? Optional.of(rental.beside()) : Optional.empty();
  }

  /** The whole job, which any command takes. */
  public JobDocument document() {
    return check.document();
  }

  /** The job with nothing left open. */
  public ResolvedJob job() {
    return check.resolution().job();
  }
}
