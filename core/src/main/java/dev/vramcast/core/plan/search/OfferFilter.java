package dev.vramcast.core.plan.search;

import dev.vramcast.core.market.Offer;
import java.util.function.Predicate;

/**
 * A constraint on offers.
 *
 * @param name as an {@link Exclusion} names it
 * @param keeps whether an offer meets it
 */
public record OfferFilter(String name, Predicate<Offer> keeps) {}
