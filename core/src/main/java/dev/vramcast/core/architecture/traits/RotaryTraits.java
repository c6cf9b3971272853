package dev.vramcast.core.architecture.traits;

/**
 * How positions enter query and key.
 *
 * @param concatenates the rotated part is concatenated with the rest, even when there is none
 * @param layerTables each layer keeps cosines and sines of all positions as buffers
 * @param beforeNorms queries and keys are normalised after their rotation
 * @param ofTokens queries and keys are rotated while heads lie behind tokens
 * @param inFp32 the versions in which all of it is in fp32, whatever the code was before
 * @param tablesByType layers that see all and layers with a window have tables of their own
 * @param tablesByRow each sequence of a batch has rows of its own in the tables
 */
public record RotaryTraits(
    RotaryCode code,
    Versions concatenates,
    Versions layerTables,
    boolean beforeNorms,
    boolean ofTokens,
    Versions inFp32,
    Versions tablesByType,
    Versions tablesByRow) {}
