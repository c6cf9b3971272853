package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.autograd.sequence.BiasOps;
import dev.vramcast.core.autograd.sequence.SharedRows;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;

/**
 * Attention whose scores are of tokens with tokens, of queries with distances and of keys with
 * distances (transformers DisentangledSelfAttention.forward).
 *
 * @param query projects rows for distances as it does tokens, and so does {@code key}
 */
record DisentangledAttention(
    HeadOps ops, Projection query, Projection key, DistanceTable.Reading reading) {

  private static final String SCORES = "attention scores";

  /** Attends; takes over {@code heads}. */
  Tensor forward(Graph g, Tensor[] heads, SharedRows shared) {
    try (Scope names = Scope.of(g)) {
      for (int i = 0; i < 3; i++) {
        heads[i] = names.own(byHeads(g, heads[i]));
      }
      Tensor scores = products(g, heads[0], heads[1]);
      Tensor rows = names.own(rows(g, shared));
      Tensor ofDistances = names.own(ofDistances(g, heads, rows));
      scores = g.rebind(scores, Pointwise.add(g, scores, ofDistances, SCORES));
      scores = names.own(g.rebind(scores, masked(g, scores, shared, names)));
      EagerAttention eager = new EagerAttention(ops);
      Tensor weights =
          names.own(eager.probabilities(g, scores.hold(), heads[0].dtype(), heads[2].dtype()));
      Tensor product = eager.times(g, weights, heads[2], true);
      return g.rebind(product, Pointwise.copy(g, product, "attention outputs by token"));
    }
  }

  /** {@code transpose_for_scores}; takes over the argument. */
  private static Tensor byHeads(Graph g, Tensor x) {
    Tensor view = ShapeOps.viewByHeads(g, x);
    return g.rebind(view, Pointwise.copy(g, view, "heads"));
  }

  private Tensor products(Graph g, Tensor queries, Tensor keys) {
    Tensor scaled = Pointwise.scale(g, keys, "scaled keys");
    return g.rebind(scaled, Matrix.product(g, queries, scaled, ops.scores(), SCORES));
  }

  private Tensor rows(Graph g, SharedRows shared) {
    Tensor rows = shared.read();
    return g.rebind(rows, Pointwise.dropout(g, rows, reading.dropout(), "rows for distances"));
  }

  /** {@code disentangled_attention_bias}: the sum grows in place. */
  private Tensor ofDistances(Graph g, Tensor[] heads, Tensor rows) {
    try (Scope names = Scope.of(g)) {
      Tensor rowQueries = names.own(repeated(g, query.forward(g, rows)));
      Tensor rowKeys = names.own(repeated(g, key.forward(g, rows)));
      Tensor ofQueries = names.own(gathered(g, heads[0], rowKeys, names));
      Tensor divided = Pointwise.scale(g, ofQueries, SCORES);
      Tensor sum = g.rebind(divided, Pointwise.scale(g, divided, SCORES));
      Tensor ofKeys = names.own(gathered(g, heads[1], rowQueries, names));
      Tensor added = Pointwise.scale(g, ofKeys, SCORES);
      sum = Pointwise.addInPlace(g, sum, added);
      g.release(added);
      return sum;
    }
  }

  /** By heads, and once more for each sequence; takes over the argument. */
  private Tensor repeated(Graph g, Tensor x) {
    Tensor heads = byHeads(g, x);
    int batch = Math.toIntExact(ops.settings().batch());
    return g.rebind(
        heads,
        batch == 1
            ? Pointwise.copy(g, heads, "rows for distances")
            : AttentionOps.repeatHeads(g, heads, batch, "rows for distances"));
  }

  /** Products with all rows, of which each pair of tokens takes the one of its distance. */
  private Tensor gathered(Graph g, Tensor heads, Tensor rows, Scope names) {
    long all = ops.scores() / ops.keys() * reading.rows();
    Tensor products = Matrix.product(g, heads, rows, all, SCORES);
    long pairs = ops.settings().sequence() * ops.keys();
    Tensor shifted = BiasOps.wholeNumbers(g, pairs);
    Tensor index = names.own(g.rebind(shifted, BiasOps.wholeNumbers(g, pairs)));
    return g.rebind(products, Routing.picked(g, products, index, ops.scores(), SCORES));
  }

  /** Takes no argument over; the mask as truths has a name. */
  private Tensor masked(Graph g, Tensor scores, SharedRows shared, Scope names) {
    long pairs = shared.mask().elements();
    names.own(truths(g, pairs));
    Tensor hidden = truths(g, pairs);
    return g.rebind(hidden, ShapeOps.maskedFill(g, scores, hidden, SCORES));
  }

  private static Tensor truths(Graph g, long pairs) {
    return g.allocate("attention mask", Category.ACTIVATIONS, pairs, DataType.BOOL);
  }
}
