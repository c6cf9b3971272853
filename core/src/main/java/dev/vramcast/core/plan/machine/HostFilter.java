package dev.vramcast.core.plan.machine;

import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.market.HostSize;
import dev.vramcast.core.market.Offer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Leaves out machines whose list says that they have too little memory or disk for a run. */
public final class HostFilter {

  private HostFilter() {}

  /**
   * What is left.
   *
   * @param shortage where nothing is
   */
  public record Found(List<Offer> offers, Optional<Shortage> shortage) {

    public Found {
      offers = List.copyOf(offers);
    }
  }

  /**
   * Those that hold a run; what a list does not say is enough.
   *
   * @param life asked for where a list says what its machines have
   */
  public static Found of(Supplier<Life> life, List<Offer> offers) {
    if (offers.stream().allMatch(offer -> offer.host().isUnknown())) {
      return new Found(offers, Optional.empty());
    }
    Life run = life.get();
    List<Offer> enough = new ArrayList<>();
    List<Shortage> small = new ArrayList<>();
    for (Offer offer : offers) {
      Optional<Shortage> shortage = shortage(run, offer.host());
      shortage.ifPresentOrElse(small::add, () -> enough.add(offer));
    }
    Optional<Shortage> nearest =
        small.stream().max(Comparator.comparingLong(Shortage::availableBytes));
    return new Found(enough, enough.isEmpty() ? nearest : Optional.empty());
  }

  private static Optional<Shortage> shortage(Life run, HostSize host) {
    return run.shortage(host.memoryBytes(), host.diskBytes());
  }
}
