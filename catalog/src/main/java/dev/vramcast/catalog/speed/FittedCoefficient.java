package dev.vramcast.catalog.speed;

import dev.vramcast.core.hardware.SpeedCoefficient;

/**
 * What runs say about a coefficient.
 *
 * @param value that fits all runs best
 * @param low the least value when one source of runs is left out
 * @param high the greatest value when one source of runs is left out
 */
public record FittedCoefficient(SpeedCoefficient key, double value, double low, double high) {}
