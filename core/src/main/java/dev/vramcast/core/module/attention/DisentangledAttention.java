package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.autograd.sequence.BiasOps;
import dev.vramcast.core.autograd.sequence.SharedRows;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.List;

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
  private static Tensor masked(Graph g, Tensor scores, SharedRows shared, Scope names) {
    long pairs = shared.mask().elements();
    names.own(truths(g, pairs));
    Tensor hidden = truths(g, pairs);
    return g.rebind(hidden, ShapeOps.maskedFill(g, scores, hidden, SCORES));
  }

  private static Tensor truths(Graph g, long pairs) {
    return g.allocate("attention mask", Category.ACTIVATIONS, pairs, DataType.BOOL);
  }

  /**
   * Attention of the first DeBERTa: one projection without bias for queries, keys and values, to
   * two of which biases are added, and others for rows of distances (transformers deberta {@code
   * DisentangledSelfAttention.forward}).
   *
   * @param rowKeys what queries are multiplied with
   * @param rowQueries what keys are multiplied with
   */
  record OfRows(
      HeadOps ops,
      DistanceTable.Reading reading,
      Projection all,
      Projection rowKeys,
      Projection rowQueries,
      Parameter queryBias,
      Parameter valueBias,
      Projection output)
      implements LayerPart {

    private static final String ROWS = "rows for distances";

    static OfRows load(ModuleFactory modules, StepSettings settings, Attention attention) {
      DistanceTable.Reading reading = attention.distances().orElseThrow();
      Parameter queryBias = bias(modules, reading.biases().get(0));
      Parameter valueBias = bias(modules, reading.biases().get(1));
      Projection all = modules.projection(attention.qkv().get(0));
      List<Projection> rows = modules.projections(reading.own());
      return new OfRows(
          new HeadOps(HeadShape.of(attention, null), settings, settings.sequence()),
          reading,
          all,
          rows.get(0),
          rows.get(1),
          queryBias,
          valueBias,
          modules.projection(attention.output()));
    }

    private static Parameter bias(ModuleFactory modules, ParameterTensor tensor) {
      return modules.layerParameter("biases of heads", tensor.count(), 1);
    }

    @Override
    public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
      Tensor attended = attended(g, x, shared.rows());
      return g.rebind(attended, output.forward(g, attended));
    }

    private Tensor attended(Graph g, Tensor x, SharedRows shared) {
      try (Scope names = Scope.of(g)) {
        Tensor[] heads = heads(g, ShapeOps.viewByHeads(g, all.forward(g, x)), names);
        Tensor scores = product(g, heads[0], heads[1], ops.scores());
        Tensor ofDistances = names.own(ofDistances(g, heads, names.own(rows(g, shared))));
        scores = g.rebind(scores, Pointwise.add(g, scores, ofDistances, SCORES));
        scores = names.own(g.rebind(scores, masked(g, scores, shared, names)));
        EagerAttention eager = new EagerAttention(ops);
        DataType dtype = heads[0].dtype();
        Tensor weights = names.own(eager.probabilities(g, scores.hold(), dtype, dtype));
        Tensor context = eager.times(g, weights, heads[2], alone());
        return g.rebind(context, Pointwise.copy(g, context, "attention outputs by token"));
      }
    }

    /** Queries, scaled, keys and values, of which all live on; takes over the argument. */
    private Tensor[] heads(Graph g, Tensor projected, Scope names) {
      long each = projected.elements() / 3;
      Tensor[] heads = FusedOps.split(g, projected, each, each, each);
      Tensor query = Pointwise.add(g, heads[0], queryBias.value(), "queries");
      Tensor value = Pointwise.add(g, heads[2], valueBias.value(), "values");
      g.release(heads[0], heads[2]);
      query = g.rebind(query, Pointwise.scale(g, query, "scaled queries"));
      return new Tensor[] {names.own(query), names.own(heads[1]), names.own(value)};
    }

    private Tensor rows(Graph g, SharedRows shared) {
      Tensor rows = shared.read();
      return g.rebind(rows, Pointwise.dropout(g, rows, reading.dropout(), ROWS));
    }

    /** {@code disentangled_att_bias}: the sum grows in place. */
    private Tensor ofDistances(Graph g, Tensor[] heads, Tensor rows) {
      long width = rows.elements() / reading.rows();
      long read = Math.min(reading.rows(), 2 * ops.settings().sequence());
      try (Scope names = Scope.of(g)) {
        Tensor sliced =
            names.own(
                read == reading.rows()
                    ? rows.hold()
                    : ShapeOps.slice(g, rows.hold(), read * width));
        Tensor keys = names.own(ShapeOps.viewByHeads(g, rowKeys.forward(g, sliced)));
        Tensor ofQueries = names.own(gathered(g, heads[0], keys, read, false, names));
        Tensor sum = Pointwise.scale(g, ofQueries, SCORES);
        Tensor queries = rowQueries.forward(g, sliced);
        queries = ShapeOps.scaleSliceInPlace(g, queries, queries.elements());
        queries = names.own(ShapeOps.viewByHeads(g, queries));
        Tensor ofKeys = names.own(gathered(g, heads[1], queries, read, true, names));
        return Pointwise.addInPlace(g, sum, ofKeys);
      }
    }

    /** Products with rows, of which each pair of tokens takes the one of its distance. */
    private Tensor gathered(
        Graph g, Tensor heads, Tensor rows, long read, boolean negated, Scope names) {
      int batch = Math.toIntExact(ops.settings().batch());
      Tensor all = AttentionOps.repeatHeads(g, rows, batch, ROWS);
      long pairs = ops.settings().sequence() * ops.keys();
      if (!negated) {
        Tensor products = g.rebind(all, product(g, heads, all, ops.scores() / ops.keys() * read));
        Tensor index = names.own(clamped(g, pairs));
        return g.rebind(products, Routing.picked(g, products, index, ops.scores(), SCORES));
      }
      Tensor negative = BiasOps.wholeNumbers(g, pairs);
      Tensor index = names.own(g.rebind(negative, clamped(g, pairs)));
      Tensor products = g.rebind(all, product(g, heads, all, ops.scores() / ops.keys() * read));
      return g.rebind(products, Routing.picked(g, products, index, ops.scores(), SCORES));
    }

    private static Tensor clamped(Graph g, long pairs) {
      Tensor shifted = BiasOps.wholeNumbers(g, pairs);
      return g.rebind(shifted, BiasOps.wholeNumbers(g, pairs));
    }

    /** Both stay the caller's; what lies by tokens is copied where there are several sequences. */
    private Tensor product(Graph g, Tensor heads, Tensor others, long elements) {
      try (Scope scope = Scope.of(g)) {
        Tensor left = scope.own(alone() ? heads.hold() : Pointwise.copy(g, heads, "queries"));
        boolean copied = alone() || elements != ops.scores();
        Tensor right = scope.own(copied ? others.hold() : Pointwise.copy(g, others, "keys"));
        return Matrix.product(g, left, right, elements, SCORES);
      }
    }

    private boolean alone() {
      return ops.settings().batch() == 1;
    }
  }
}
