package dev.vramcast.answers.guide;

import dev.vramcast.core.market.UsdPerHour;
import java.math.BigDecimal;

/**
 * Cards of one kind to run a job on.
 *
 * @param count from 1
 */
record GpuChoice(GuideCard card, int count) {

  /** The price of one card times their count, since the guide's list has no larger machines. */
  UsdPerHour price() {
    return new UsdPerHour(card.price().amount().multiply(BigDecimal.valueOf(count)));
  }

  boolean isCheaperThan(GpuChoice other) {
    return price().compareTo(other.price()) < 0;
  }

  /** As {@code 2 x A100 80G}; a single card without a count. */
  String text() {
    return count == 1 ? card.label() : count + " x " + card.label();
  }
}
