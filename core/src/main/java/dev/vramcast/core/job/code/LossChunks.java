package dev.vramcast.core.job.code;

import dev.vramcast.core.input.Named;

/** How a framework computes head and cross-entropy over chunks of tokens. */
public sealed interface LossChunks extends Named {

  /** As an estimate takes it for granted, in one sentence. */
  String sentence();

  /**
   * The logits of all chunks are made; cross-entropy makes those of one after the other fp32.
   *
   * @param count chunks of a sequence
   */
  record OfOutputs(int count, String sentence) implements LossChunks {
    @Override
    public String label() {
      return count + " chunks of a sequence";
    }
  }

  /**
   * Head and cross-entropy run on one chunk of all tokens after the other.
   *
   * @param count chunks of the tokens
   */
  record OfTokens(int count, String sentence) implements LossChunks {
    @Override
    public String label() {
      return count + " chunks of the tokens";
    }
  }

  /**
   * The logits of all chunks are made and kept in fp32. Where all weights are trained, the head
   * runs over all tokens at once and its result is divided.
   *
   * @param rows tokens of a chunk
   */
  record Kept(int rows, String sentence) implements LossChunks {
    @Override
    public String label() {
      return "kept chunks of " + rows + " tokens";
    }
  }

  /**
   * Logits and gradients of a chunk are made in the forward pass and dropped.
   *
   * @param elements logits of a chunk
   */
  record Fused(long elements, String sentence) implements LossChunks {
    @Override
    public String label() {
      return "fused chunks of " + elements + " logits";
    }
  }

  /**
   * As {@link Fused}, where the fp32 logits of a chunk may take half of the memory that is free
   * when the loss is first computed. The number of chunks is a multiple of four, or one.
   *
   * @param limit bytes that a chunk's fp32 logits take at most
   * @param rounded to the nearest multiple of four; else up to the next
   */
  record FusedInFree(long limit, boolean rounded, String sentence) implements LossChunks {
    @Override
    public String label() {
      return "fused chunks of half of the free memory";
    }

    /**
     * How many chunks there are.
     *
     * @param logits bytes of all logits in fp32
     * @param free bytes
     */
    public long count(long logits, long free) {
      double exact = (double) logits / Math.max(1, Math.min(free / 2, limit));
      if (rounded) {
        return Math.max(1, 4 * (long) Math.rint(exact / 4));
      }
      return exact <= 1 ? 1 : 4 * (long) Math.ceil(exact / 4);
    }
  }

  /**
   * Each chunk is a checkpoint, which makes its logits again in the backward pass, from hidden
   * states and head in fp32.
   *
   * @param rows tokens of a chunk
   */
  record Checkpointed(int rows, String sentence) implements LossChunks {
    @Override
    public String label() {
      return "checkpoints of " + rows + " tokens";
    }
  }

  /**
   * Log-probabilities over tiles of the logits, of which only one is there at a time.
   *
   * @param tokens of a tile
   * @param words of the vocabulary in a tile
   */
  record Tiles(long tokens, long words, String sentence) implements LossChunks {

    /** Of trainers that make no tiles. */
    public static final Tiles NONE = new Tiles(1, 1, "");

    @Override
    public String label() {
      return "tiles of " + tokens + " tokens by " + words + " words";
    }
  }
}
