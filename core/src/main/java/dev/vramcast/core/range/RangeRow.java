package dev.vramcast.core.range;

import java.util.Optional;

/**
 * A range with what it rests on.
 *
 * @param leftOut the source whose runs had no part in it, for judging that source's runs; empty for
 *     the range of a new job
 * @param runs that it is made from
 * @param sources that published them
 * @param checked of all runs under the key, those held against the range made without their source
 * @param inside of those, the ones in their range
 */
public record RangeRow(
    RangeKey key,
    Optional<String> leftOut,
    int runs,
    int sources,
    ErrorRange range,
    int checked,
    int inside) {}
