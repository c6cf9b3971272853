package dev.vramcast.answers.prices;

import dev.vramcast.answers.text.Counts;
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

  /** One line; empty where nothing is left out and nothing is older than was asked for. */
  public Optional<String> line() {
    if (limit.days().isEmpty()) {
      return Optional.empty();
    }
    int days = limit.days().getAsInt();
    if (allOld) {
      return Optional.of(
          "No price is at most %d days old, so the youngest of each card counts; %s left out"
              .formatted(days, Counts.of(leftOut, "older offer")));
    }
    return leftOut == 0
        ? Optional.empty()
        : Optional.of(
            "%s left out, whose price is more than %d days old; %s any counts them too"
                .formatted(Counts.of(leftOut, "offer"), days, AgeLimit.OPTION));
  }
}
