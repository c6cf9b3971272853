package dev.vramcast.core.trace.replay.program;

/**
 * What the caching allocator goes through while a model is loaded, before what stays is there.
 *
 * @param warmUp bytes that are taken in one piece and given back before all else, if there is room
 * @param casts 16-bit weights are read onto the GPU in another dtype and cast there
 * @param widens fp32 weights were loaded in 16 bits, and were made fp32 one by one when all were
 *     there
 */
public record Loading(long warmUp, boolean casts, boolean widens) {

  /** Weights come as they stay. */
  public static final Loading PLAIN = new Loading(0, false, false);
}
