package dev.vramcast.answers.prices;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Inline;
import dev.vramcast.core.market.PriceAge;

/** How old prices are, for programs. */
@Describes("How old prices are.")
public record AgeRecord(
    @Describes("Age of the newest of the prices.") long ageDaysLeast,
    @Describes("Age of the oldest of the prices.") long ageDaysMost,
    @Describes("Whether they may be older, as lists say no more than a month.")
        boolean ageMayBeMore)
    implements Inline {

  public static AgeRecord of(PriceAge age) {
    return new AgeRecord(age.leastDays(), age.mostDays(), age.orMore());
  }
}
