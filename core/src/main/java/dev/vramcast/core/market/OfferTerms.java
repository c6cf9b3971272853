package dev.vramcast.core.market;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What comes with a machine beside its price, as far as a list says.
 *
 * @param leastBilled the least time that is billed
 * @param startUp billed before the machine can run anything
 * @param storageUsdPerGbMonth of storage that the price leaves out
 * @param egressUsdPerGb of what leaves the machine
 * @param peerToPeer whether a private host rents it out, who may take it away at any time
 * @param reliability the share of time that the host was there; from 0 to 1
 */
public record OfferTerms(
    Optional<Duration> leastBilled,
    Optional<Duration> startUp,
    OptionalDouble storageUsdPerGbMonth,
    OptionalDouble egressUsdPerGb,
    boolean peerToPeer,
    OptionalDouble reliability) {

  private static final OptionalDouble NONE = OptionalDouble.empty();

  /** A list says nothing. */
  public static final OfferTerms UNKNOWN =
      new OfferTerms(Optional.empty(), Optional.empty(), NONE, NONE, false, NONE);

  /** How long a machine is paid for that runs something for so long. */
  public Duration billed(Duration run) {
    Duration whole = run.plus(startUp.orElse(Duration.ZERO));
    return leastBilled.filter(least -> least.compareTo(whole) > 0).orElse(whole);
  }

  /**
   * Whether so many such machines run a job together: several do not where private hosts have them.
   *
   * @param connected whether somebody vouches for a network between them
   */
  public boolean joins(int machines, boolean connected) {
    return machines == 1 || connected && !peerToPeer;
  }

  /** The same, billed for at least as long. */
  public OfferTerms billing(Duration least) {
    return new OfferTerms(
        Optional.of(least), startUp, storageUsdPerGbMonth, egressUsdPerGb, peerToPeer, reliability);
  }

  /** The same of a private host. */
  public OfferTerms peerToPeer(OptionalDouble share) {
    return new OfferTerms(leastBilled, startUp, storageUsdPerGbMonth, egressUsdPerGb, true, share);
  }

  /** The same with prices of storage and of what leaves the machine. */
  public OfferTerms charging(OptionalDouble storage, OptionalDouble egress) {
    return new OfferTerms(leastBilled, startUp, storage, egress, peerToPeer, reliability);
  }
}
