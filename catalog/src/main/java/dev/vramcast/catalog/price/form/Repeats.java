package dev.vramcast.catalog.price.form;

import dev.vramcast.catalog.price.form.RawOffer.Machine;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Brings rows that say the same together. */
final class Repeats {

  /** Their rows list every machine under every region, whether it stands there or not. */
  private static final Set<String> EVERYWHERE = Set.of("lambda", "lambdalabs", "oci", "runpod");

  private final Origin origin;
  private final Findings findings;

  Repeats(Origin origin, Findings findings) {
    this.origin = origin;
    this.findings = findings;
  }

  private record Priced(
      Machine machine, Optional<BigDecimal> onDemand, Optional<BigDecimal> spot) {}

  /** Each machine once in a zone, and once for all where that is what the rows mean. */
  List<RawOffer> together(List<RawOffer> offers) {
    List<RawOffer> once = cheapest(offers);
    return EVERYWHERE.contains(origin.provider()) ? onceForAllRegions(once) : once;
  }

  /** Of each machine in a zone the cheapest row. */
  List<RawOffer> cheapest(List<RawOffer> offers) {
    Map<RawOffer.Standing, RawOffer> kept = new LinkedHashMap<>();
    for (RawOffer offer : offers) {
      kept.merge(offer.standing(), offer, this::cheaper);
    }
    return List.copyOf(kept.values());
  }

  private RawOffer cheaper(RawOffer one, RawOffer other) {
    boolean otherWins = least(other).compareTo(least(one)) < 0;
    repeated(otherWins ? one : other);
    return otherWins ? other : one;
  }

  private static BigDecimal least(RawOffer offer) {
    return offer.onDemand().or(offer::spot).orElseThrow();
  }

  private List<RawOffer> onceForAllRegions(List<RawOffer> offers) {
    Map<Priced, List<RawOffer>> same = new LinkedHashMap<>();
    for (RawOffer offer : offers) {
      Priced key = new Priced(offer.machine(), offer.onDemand(), offer.spot());
      same.computeIfAbsent(key, machine -> new ArrayList<>()).add(offer);
    }
    return same.values().stream().map(this::first).toList();
  }

  private RawOffer first(Collection<RawOffer> offers) {
    offers.stream().skip(1).forEach(this::repeated);
    RawOffer first = offers.iterator().next();
    return offers.size() > 1 ? first.everywhere() : first;
  }

  private void repeated(RawOffer offer) {
    findings.add(
        Finding.REPEATED,
        offer.place(),
        "%s × %d in %s".formatted(offer.gpu().name(), offer.count(), offer.zone()));
  }
}
