package dev.vramcast.core.plan.search;

import dev.vramcast.core.market.Offer;
import java.time.Duration;

/**
 * An offer that a search found.
 *
 * @param billed for which the machine is paid
 * @param dollars price times {@code billed}
 */
public record SearchResult(Offer offer, Duration billed, double dollars) {}
