package dev.vramcast.core.shard.zero.gather;

import dev.vramcast.core.units.DataType;

/**
 * A parameter as the model has it.
 *
 * @param elements as they are stored: packed weights as numbers of the dtype that they are packed
 *     in
 * @param layered each of equal layers has one
 */
record StoredParameter(
    int number, long elements, DataType dtype, boolean trained, boolean layered) {}
