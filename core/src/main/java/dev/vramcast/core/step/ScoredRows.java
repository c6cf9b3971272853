package dev.vramcast.core.step;

import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.PassHead;
import java.util.OptionalLong;

/**
 * How much of a generated batch Unsloth scores at once: as many sequences as it reckons to fit into
 * the free memory (unsloth_zoo/rl_replacements.py autotune_batch_and_chunks, 2026.1 to 2026.10, and
 * unsloth/models/rl_replacements.py _get_per_token_logps_and_entropies).
 */
final class ScoredRows {

  /** {@code dtype_bytes}, which is 16 for 16-bit products. */
  private static final double ELEMENT = 16;

  private static final double SHARE = 0.8;

  /** {@code multiplier} of short sequences, and the tokens for which it grows by one. */
  private static final long CHUNKS = 4;

  private static final long TOKENS_OF_CHUNK = 4096;

  /** Sequences where it reckons that none fits. */
  private static final int FEWEST = 4;

  private ScoredRows() {}

  /**
   * A pass over a micro-batch, made one over as much of the generated batch as runs at once.
   *
   * @param rounds micro-batches of the generated batch
   * @param width features of hidden states
   * @param words of the vocabulary
   * @param free bytes; empty where no card is named, so that all of it runs at once
   */
  static Pass of(Pass pass, int rounds, long width, long words, OptionalLong free) {
    int each = pass.batch().sequences();
    int all = Math.multiplyExact(each, rounds);
    int fitting =
        free.isPresent() ? fitting(pass, all, width, words, SHARE * free.getAsLong()) : all;
    int parts = Math.max(1, all / fitting);
    int rows = (all + parts - 1) / parts;
    PassBatch batch = new PassBatch(rows, pass.batch().length());
    PassHead head = pass.head();
    if (head instanceof PassHead.LogProbabilities asked) {
      long labels = asked.labels() / each * rows;
      head = new PassHead.LogProbabilities(asked.way(), labels, asked.reports(), asked.details());
    }
    return new Pass(pass.model(), pass.graph(), batch, head, pass.adapters());
  }

  private static int fitting(Pass pass, int all, long width, long words, double bytes) {
    double tokens = pass.batch().length() * ELEMENT;
    double chunks = Math.max(CHUNKS, pass.batch().length() / TOKENS_OF_CHUNK);
    for (int rows = all; rows > 0; rows--) {
      double hidden = rows * tokens * width;
      double logits = (double) rows * rows / all * tokens * words / chunks;
      if (hidden + logits <= bytes) {
        return rows;
      }
    }
    return Math.min(FEWEST, all);
  }
}
