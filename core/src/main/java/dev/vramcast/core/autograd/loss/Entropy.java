package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;

/** What {@code entropy_from_logits} makes (trl/trainer/utils.py, since 0.24). */
public final class Entropy {

  /** Tokens at a time. */
  private static final long ROWS = 128;

  private Entropy() {}

  /**
   * Log-probabilities of some tokens, their probabilities and the products of both, for a while.
   *
   * @param elements of the logits
   * @param words of the vocabulary
   */
  public static void of(Graph g, long elements, long words, DataType dtype) {
    long chunk = Math.min(ROWS, elements / words) * words;
    try (Scope scope = Scope.of(g)) {
      for (int i = 0; i < 3; i++) {
        scope.own(g.allocate(Aten.EXP, "entropy", Category.LOGITS_AND_LOSS, chunk, dtype));
      }
    }
  }
}
