package dev.vramcast.core.job;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * An evaluation during the run.
 *
 * @param microBatch sequences per forward pass, counted as those of a micro-batch
 * @param batches how many there are
 * @param metrics logits and labels are gathered, for metrics of all batches together
 * @param accumulation batches after which what is gathered goes to the host; empty where it stays
 *     on the GPU until the last
 * @param generated what is generated behind each sequence; empty where nothing is
 */
public record Evaluation(
    int microBatch,
    int batches,
    boolean metrics,
    OptionalInt accumulation,
    Optional<Generated> generated) {

  /**
   * What the model generates by itself ({@code predict_with_generate}).
   *
   * @param newTokens of a sequence, at most
   * @param beams that are kept of each; 1 where none are searched
   */
  public record Generated(int newTokens, int beams) {}

  /** Batches whose logits are on the GPU together when most are. */
  public int gathered() {
    // transformers/trainer_seq2seq.py prediction_step returns tokens where it generates.
    return metrics && generated.isEmpty() ? Math.min(batches, accumulation.orElse(batches)) : 0;
  }

  /** One of its batches, of sequences like those that are trained on. */
  public Batch batch(Batch trained) {
    return trained.dividedInto(microBatch, 1);
  }
}
