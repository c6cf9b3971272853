package dev.vramcast.core.architecture.traits;

/**
 * How positions enter query and key.
 *
 * @param concatenates the rotated part is concatenated with the rest, even when there is none
 * @param layerTables each layer keeps cosines and sines of all positions as buffers
 * @param beforeNorms queries and keys are normalised after their rotation
 * @param ofTokens queries and keys are rotated while heads lie behind tokens
 * @param inFp32 the versions in which all of it is in fp32, whatever the code was before
 * @param asLlama the versions in which the code was Llama's
 */
public record RotaryTraits(
    RotaryCode code,
    Versions concatenates,
    Versions layerTables,
    boolean beforeNorms,
    boolean ofTokens,
    Versions inFp32,
    Versions asLlama,
    Tables tables) {

  /**
   * Who has cosines and sines of a step's positions of its own.
   *
   * @param byType layers that see all, and layers with a window
   * @param byRow each sequence of a batch
   * @param byLayer each layer, which makes them or looks them up
   * @param ofSeen what each layer keeps is made anew in the first step, for the positions of its
   *     sequences
   */
  public record Tables(Versions byType, Versions byRow, Versions byLayer, boolean ofSeen) {}
}
