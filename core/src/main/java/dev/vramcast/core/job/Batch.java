package dev.vramcast.core.job;

import dev.vramcast.core.job.option.Padding;

/**
 * The shape of a step on one GPU.
 *
 * @param microBatch sequences per forward pass
 * @param gradAccum micro-batches per optimizer step
 * @param sequenceLength tokens per sequence at the peak
 */
public record Batch(int microBatch, int gradAccum, int sequenceLength, Padding padding) {

  /** Tokens of one forward pass. */
  public long tokens() {
    return (long) microBatch * sequenceLength;
  }
}
