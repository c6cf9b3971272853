package dev.vramcast.core.architecture.traits;

/**
 * How positions enter query and key.
 *
 * @param concatenates the rotated part is concatenated with the rest, even when there is none
 * @param layerTables each layer keeps cosines and sines of all positions as buffers
 * @param beforeNorms queries and keys are normalised after their rotation
 * @param ofTokens queries and keys are rotated while heads lie behind tokens
 */
public record RotaryTraits(
    RotaryCode code,
    Versions concatenates,
    Versions layerTables,
    boolean beforeNorms,
    boolean ofTokens) {}
