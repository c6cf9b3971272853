package dev.vramcast.core.plan;

import dev.vramcast.core.cost.Bill;
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
   * @param bill of all of them as they are rented
   * @param time for which they run; on spot on average
   * @param held the time that limits are held against
   */
  public record Rental(Offer offer, int nodes, Bill bill, Duration time, Duration held) {}

  public Offer offer() {
    return rental.offer();
  }

  /** How many machines are rented. */
  public int nodes() {
    return rental.nodes();
  }

  /** Of all machines, by the hour. */
  public UsdPerHour price() {
    return rental.bill().price();
  }

  /** How long is paid for. */
  public Duration billed() {
    return rental.bill().billed(rental.time());
  }

  /** What the whole run costs. */
  public Usd cost() {
    return rental.bill().whole(rental.time());
  }

  /** How long is paid for where the run takes as long as limits are held against. */
  public Duration heldBilled() {
    return rental.bill().billed(rental.held());
  }

  /** What the whole run costs then. */
  public Usd heldCost() {
    return rental.bill().whole(rental.held());
  }

  /** What of it storage and what is carried home cost; empty where no list says. */
  public Optional<Usd> beside() {
    return Charges.stands(offer().terms())
        ? Optional.of(rental.bill().beside(rental.time()))
        : Optional.empty();
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
