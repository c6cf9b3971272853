package dev.vramcast.answers.prices;

import dev.vramcast.answers.text.Counts;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.market.AgeLimit;
import java.util.Optional;

/**
 * What the limit on the age of prices did to the offers of a market.
 *
 * @param limit that was set
 * @param leftOut offers that are older
 * @param allOld whether no offer is young enough, so that the youngest of each card count
 */
public record AgeCut(AgeLimit limit, int leftOut, boolean allOld) {

  /** No offer is left out for its age. */
  static final AgeCut NONE = new AgeCut(AgeLimit.NONE, 0, false);

  /** For people; empty where nothing is left out and nothing is older than was asked for. */
  public Optional<Notice> notice() {
    if (limit.days().isEmpty()) {
      return Optional.empty();
    }
    int days = limit.days().getAsInt();
    if (allOld) {
      Notice youngest =
          Notice.of("No price is at most ", days)
              .and(" days old, so the youngest of each card counts");
      return Optional.of(
          leftOut == 0
              ? youngest
              : youngest.and("; ", Counts.of(leftOut, "older offer"), " left out"));
    }
    return leftOut == 0
        ? Optional.empty()
        : Optional.of(
            Notice.of(Counts.of(leftOut, "offer"), " left out, whose price is more than ", days)
                .and(" days old; ", MarketParameters.MAX_PRICE_AGE, " any counts them too"));
  }
}
