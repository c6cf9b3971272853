package dev.vramcast.core.shard.zero.gather;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.units.DataType;

/**
 * A parameter as the model has it.
 *
 * @param parameter what its modules see
 * @param elements as they are stored: packed weights as numbers of the dtype that they are packed
 *     in
 * @param layered each of equal layers has one
 */
record StoredParameter(
    int number,
    Parameter parameter,
    long elements,
    DataType dtype,
    boolean trained,
    boolean layered) {}
