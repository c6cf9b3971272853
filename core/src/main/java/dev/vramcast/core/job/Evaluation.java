package dev.vramcast.core.job;

import java.util.OptionalInt;

/**
 * An evaluation during the run.
 *
 * @param microBatch sequences per forward pass, counted as those of a micro-batch
 * @param batches how many there are
 * @param metrics logits and labels are gathered, for metrics of all batches together
 * @param accumulation batches after which what is gathered goes to the host; empty where it stays
 *     on the GPU until the last
 */
public record Evaluation(int microBatch, int batches, boolean metrics, OptionalInt accumulation) {

  /** Batches whose logits are on the GPU together when most are. */
  public int gathered() {
    return metrics ? Math.min(batches, accumulation.orElse(batches)) : 0;
  }

  /** One of its batches, of sequences like those that are trained on. */
  public Batch batch(Batch trained) {
    return trained.dividedInto(microBatch, 1);
  }
}
