package dev.vramcast.core.plan.search;

import dev.vramcast.core.market.Offer;
import java.time.Duration;

/**
 * An offer that a search found.
 *
 * @param wall for which the machine is paid
 * @param dollars price times {@code wall}
 */
public record Hit(Offer offer, Duration wall, double dollars) {}
