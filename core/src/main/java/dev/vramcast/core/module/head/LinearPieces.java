package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.loss.LabelledLinear.Piece;
import dev.vramcast.core.units.DataType;

/**
 * How large the pieces are in which Unsloth's fused head makes its logits
 * (unsloth_zoo/fused_losses/fused_linear.py of 2026.10: _logprobs_impl, _tiled_layout and
 * fused_linear_rows), with Triton, and a product of 16-bit factors that gives fp32.
 */
final class LinearPieces {

  /** {@code _SMALL_CARD_BYTES}: 24.5 GiB, up to which the vocabulary is cut at any length. */
  static final long SMALL_CARD = 49L << 29;

  /** {@code _BWD_ROWS} and {@code _MAX_ROWS}. */
  private static final long MOST_ROWS = 4096;

  /** {@code _SPLIT_COLS}. */
  private static final long COLUMNS = 16_384;

  /** {@code _BWD_TILE_BYTES}. */
  private static final long TILE_BYTES = 256L << 20;

  /** {@code _CHUNK_GB}. */
  private static final long CHUNK_BYTES = 2L << 30;

  /** {@code _MIN_LOGITS}. */
  private static final long LEAST_LOGITS = 512L * 151_936;

  private static final long LEAST_ROWS = 512;

  private static final int LOGIT_BYTES = 4;

  private LinearPieces() {}

  /**
   * The pieces of a head.
   *
   * @param all rows of hidden states
   * @param labels rows that are looked at
   * @param small the card has at most {@link #SMALL_CARD}
   * @param dtype of products
   */
  static Piece of(long width, long words, long all, long labels, boolean small, DataType dtype) {
    long splits = (words + COLUMNS - 1) / COLUMNS;
    boolean half = dtype == DataType.BF16 || dtype == DataType.FP16;
    if (half && splits > 2 && (small || labels >= MOST_ROWS)) {
      long rows = Math.min(Math.min(MOST_ROWS, labels), TILE_BYTES / (COLUMNS * LOGIT_BYTES));
      return new Piece(all, labels, rows, COLUMNS, splits, dtype);
    }
    return new Piece(all, labels, rows(width, words, labels), (words + 7) / 8 * 8, 0, dtype);
  }

  /** {@code fused_linear_rows}: a power of two near tokens x width / words, within bounds. */
  private static long rows(long width, long words, long labels) {
    long least = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, power(LEAST_LOGITS / words)));
    long rows = Math.min(MOST_ROWS, Math.max(least, power(labels * width / words)));
    long most = Math.max(2, CHUNK_BYTES / (words * LOGIT_BYTES));
    return Math.max(1, Math.min(Math.min(rows, most), labels));
  }

  /** The power of two at or below a number. */
  private static long power(long number) {
    return Long.highestOneBit(Math.max(1, number));
  }
}
