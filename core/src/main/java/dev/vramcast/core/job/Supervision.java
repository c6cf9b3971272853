package dev.vramcast.core.job;

/**
 * What labels and inputs of supervised training are made into.
 *
 * @param scoredFraction share of a sequence's tokens whose labels count
 * @param labelSmoothing weight of the words that are not the label
 * @param noisyEmbeddings NEFTune adds noise to the embeddings
 * @param weighsTokens each token's loss is weighted by its own probability: Dynamic Fine-Tuning
 *     (arXiv 2508.05629)
 */
public record Supervision(
    double scoredFraction, double labelSmoothing, boolean noisyEmbeddings, boolean weighsTokens) {

  /** Every token counts, and nothing is added. */
  public static final Supervision PLAIN = new Supervision(1, 0, false, false);

  /** The trainer makes the loss of the logits that the model has returned, where there are any. */
  public boolean takesLogits() {
    return labelSmoothing > 0 || weighsTokens;
  }

  /** Tokens of a sequence whose labels count. */
  public long scored(long length) {
    return Math.round(scoredFraction * length);
  }
}
