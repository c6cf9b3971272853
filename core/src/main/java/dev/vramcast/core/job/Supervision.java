package dev.vramcast.core.job;

/**
 * What labels and inputs of supervised training are made into.
 *
 * @param scoredFraction share of a sequence's tokens whose labels count
 * @param labelSmoothing weight of the words that are not the label
 * @param noisyEmbeddings NEFTune adds noise to the embeddings
 */
public record Supervision(double scoredFraction, double labelSmoothing, boolean noisyEmbeddings) {

  /** Every token counts, and nothing is added. */
  public static final Supervision PLAIN = new Supervision(1, 0, false);

  /** Tokens of a sequence whose labels count. */
  public long scored(long length) {
    return Math.round(scoredFraction * length);
  }
}
