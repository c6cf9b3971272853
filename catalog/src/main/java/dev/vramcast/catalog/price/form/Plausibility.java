package dev.vramcast.catalog.price.form;

import dev.vramcast.catalog.price.form.RawOffer.Machine;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells prices from mistakes. Catalogues are made from providers' interfaces by programs, and hold
 * what those got wrong.
 */
final class Plausibility {

  /**
   * Share of the median over regions below which a price is no bargain but another product: GCP's
   * H100 stands at 4.20 beside 9.80 elsewhere, its A100 at 1.65 beside 2.93.
   */
  static final BigDecimal LEAST_SHARE = new BigDecimal("0.7");

  /** Two regions have no median to speak of. */
  private static final int FEWEST_REGIONS = 3;

  /** GCP's B200 stands at 64, 90 and 155: regions that differ by more are about other products. */
  static final BigDecimal LARGEST_SPREAD = new BigDecimal("2");

  private final Findings findings;

  Plausibility(Findings findings) {
    this.findings = findings;
  }

  /** The offers of which each price is possible beside the other. */
  List<RawOffer> eachAlone(List<RawOffer> offers) {
    return offers.stream().flatMap(offer -> alone(offer).stream()).toList();
  }

  /** Without those whose on-demand price is far below that of the same machine elsewhere. */
  List<RawOffer> amongRegions(List<RawOffer> offers) {
    Map<Machine, Map<String, List<BigDecimal>>> prices = byRegion(offers);
    Map<Machine, BigDecimal> medians = new HashMap<>();
    prices.forEach(
        (machine, regions) -> {
          if (regions.size() >= FEWEST_REGIONS) {
            medians.put(
                machine, median(regions.values().stream().map(Plausibility::median).toList()));
          }
        });
    return offers.stream()
        .filter(offer -> !isFarBelow(offer, medians.get(offer.machine())))
        .toList();
  }

  /** Without on-demand prices that no two regions agree about. */
  List<RawOffer> withoutContradictions(List<RawOffer> offers) {
    Map<Machine, Spread> spreads = new HashMap<>();
    for (RawOffer offer : offers) {
      offer
          .onDemand()
          .map(price -> new Spread(price, price))
          .ifPresent(spread -> spreads.merge(offer.machine(), spread, Spread::with));
    }
    return eachAlone(
        offers.stream().map(offer -> agreed(offer, spreads.get(offer.machine()))).toList());
  }

  /** From the least to the most that a machine costs anywhere. */
  private record Spread(BigDecimal least, BigDecimal most) {

    Spread with(Spread other) {
      return new Spread(least.min(other.least), most.max(other.most));
    }

    boolean isWide() {
      return most.compareTo(least.multiply(LARGEST_SPREAD)) > 0;
    }
  }

  private RawOffer agreed(RawOffer offer, @Nullable Spread spread) {
    if (spread == null || !spread.isWide() || offer.onDemand().isEmpty()) {
      return offer;
    }
    findings.add(
        Finding.CONTRADICTION,
        offer.place(),
        "%s: from %s to %s".formatted(label(offer), plain(spread.least()), plain(spread.most())));
    return offer.at(Optional.empty(), offer.spot());
  }

  private Optional<RawOffer> alone(RawOffer offer) {
    if (offer.onDemand().isEmpty() && offer.spot().isEmpty()) {
      findings.add(Finding.NO_PRICE, offer.place(), label(offer));
      return Optional.empty();
    }
    if (offer.onDemand().isEmpty() || offer.spot().isEmpty()) {
      return Optional.of(offer);
    }
    int order = offer.spot().get().compareTo(offer.onDemand().get());
    String both =
        "%s: spot %s, on-demand %s"
            .formatted(label(offer), plain(offer.spot().get()), plain(offer.onDemand().get()));
    if (order > 0) {
      findings.add(Finding.SPOT_ABOVE, offer.place(), both);
      return Optional.empty();
    }
    if (order == 0) {
      findings.add(Finding.SPOT_EQUAL, offer.place(), both);
      return Optional.of(offer.at(offer.onDemand(), Optional.empty()));
    }
    return Optional.of(offer);
  }

  private boolean isFarBelow(RawOffer offer, @Nullable BigDecimal median) {
    if (median == null || offer.onDemand().isEmpty()) {
      return false;
    }
    boolean far = offer.onDemand().get().compareTo(median.multiply(LEAST_SHARE)) < 0;
    if (far) {
      findings.add(
          Finding.FAR_BELOW,
          offer.place(),
          "%s in %s: %s, in other regions %s"
              .formatted(
                  label(offer), offer.region(), plain(offer.onDemand().get()), plain(median)));
    }
    return far;
  }

  private static Map<Machine, Map<String, List<BigDecimal>>> byRegion(List<RawOffer> offers) {
    Map<Machine, Map<String, List<BigDecimal>>> prices = new HashMap<>();
    for (RawOffer offer : offers) {
      offer
          .onDemand()
          .ifPresent(
              price ->
                  prices
                      .computeIfAbsent(offer.machine(), machine -> new TreeMap<>())
                      .computeIfAbsent(offer.region(), region -> new ArrayList<>())
                      .add(price));
    }
    return prices;
  }

  /** The lower of the two in the middle. */
  private static BigDecimal median(List<BigDecimal> prices) {
    return prices.stream().sorted().toList().get((prices.size() - 1) / 2);
  }

  private static String label(RawOffer offer) {
    return offer.gpu().name() + " × " + offer.count();
  }

  private static String plain(BigDecimal price) {
    return price.stripTrailingZeros().toPlainString();
  }
}
