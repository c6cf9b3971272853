package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/** Operations that send tokens to experts and back. Arguments stay the caller's. */
public final class Routing {

  /** {@code _grouped_mm}: the gradient of the weight first, then that of the activations. */
  private static final Node.Backward GROUPED =
      (g, n) -> {
        for (int i = 1; i >= 0; i--) {
          if (n.wants(i)) {
            n.outgoing[i] = Pointwise.gradientLike(g, n.inputs[i]);
          }
        }
      };

  private static final Operation TOP_K = Operation.of("aten::topk").backward("aten::scatter");
  private static final Operation DIV = Operation.of("aten::div");
  private static final Operation GROUPED_MM = Operation.of("aten::_grouped_mm");
  private static final Operation SUM = Operation.of("aten::sum").backward("aten::clone");
  private static final Operation INDEX_ADD =
      Operation.of("aten::index_add").backward("aten::index_select");
  private static final Operation SCATTER = Operation.of("aten::scatter").backward("aten::gather");
  private static final Operation INDEX_COPY =
      Operation.of("aten::index_copy").backward("aten::index_select");

  private static final Operation REPEAT =
      Operation.of("aten::repeat_interleave").backward("aten::sum");
  private static final Operation INDEX_PUT =
      Operation.of("aten::index_put_").backward("aten::index_put");

  private Routing() {}

  /** {@code x[indices]}: saves the indices; the gradient is scattered into zeros. */
  public static Tensor gather(Graph g, Tensor x, Tensor indices, long elements, String name) {
    Node node = g.node(Aten.INDEX, Pointwise.LIKE_INPUT, x);
    g.save(node, indices);
    return g.output(name, x.storage.category(), elements, x.dtype, node);
  }

  /**
   * {@code x.gather(indices)}: saves {@code x} besides, whose shape the gradient has
   * (tools/autograd/derivatives.yaml gather).
   */
  public static Tensor picked(Graph g, Tensor x, Tensor indices, long elements, String name) {
    Node node = g.node(Aten.GATHER, Pointwise.LIKE_INPUT, x);
    g.save(node, x);
    g.save(node, indices);
    return g.output(name, x.storage.category(), elements, x.dtype, node);
  }

  /** The best {@code k} values of each row, with their saved indices. */
  public static Tensor[] topK(Graph g, Tensor scores, long elements) {
    Node node = g.node(TOP_K, Pointwise.LIKE_INPUT, scores);
    Tensor values = g.output("routing weights", Category.ACTIVATIONS, elements, scores.dtype, node);
    Tensor indices =
        g.output("routing indices", Category.ACTIVATIONS, elements, DataType.INT64, null);
    g.save(node, indices);
    return new Tensor[] {values, indices};
  }

  /** {@code x /= x.sum()} on a view: saves a copy of the weights and their sums. */
  public static Tensor normalise(Graph g, Tensor weights, long rows) {
    Node node = g.node(DIV, Pointwise.LIKE_INPUT, weights);
    Tensor sums = g.output("routing weights", Category.ACTIVATIONS, rows, weights.dtype, null);
    try (Scope scope = Scope.of(g)) {
      Tensor copy =
          scope.own(
              g.output(
                  "routing weights", Category.ACTIVATIONS, weights.elements, weights.dtype, null));
      g.save(node, copy);
      g.save(node, scope.own(sums));
    }
    return node == null ? weights.hold() : g.withSource(weights.hold(), node);
  }

  /** A product of groups of rows, in the weight's dtype, with one matrix each. */
  public static Tensor grouped(Graph g, Tensor x, Tensor weight, long elements, String name) {
    try (Scope scope = Scope.of(g)) {
      Tensor input = scope.own(Pointwise.cast(g, x, weight.dtype, "expert inputs"));
      Node node = g.node(GROUPED_MM, GROUPED, input, weight);
      if (node != null && node.wants(1)) {
        g.save(node, input);
      }
      if (node != null && node.wants(0)) {
        g.save(node, weight);
      }
      return g.output(name, Category.ACTIVATIONS, elements, input.dtype, node);
    }
  }

  /** {@code masked_fill_}: saves the mask; the gradient is a new tensor. Takes over {@code x}. */
  public static Tensor maskRows(Graph g, Tensor x, long rows) {
    Node node = g.node(Aten.MASKED_FILL, Pointwise.LIKE_INPUT, x);
    try (Scope scope = Scope.of(g)) {
      g.save(
          node, scope.own(g.allocate("routing mask", Category.ACTIVATIONS, rows, DataType.BOOL)));
    }
    return node == null ? x : g.withSource(x, node);
  }

  /**
   * {@code view(tokens, k, hidden).sum(1)}: its gradient is expanded, then copied. Autocast sums in
   * fp32, which the kernel does as it reads.
   */
  public static Tensor sumOverExperts(Graph g, Tensor x, long elements) {
    Node node = g.node(SUM, Pointwise.LIKE_INPUT, x);
    return g.output("expert sums", Category.ACTIVATIONS, elements, ShapeOps.summed(g, x), node);
  }

  /** Indices of so many rows, as {@code where} and {@code sort} make them. */
  public static Tensor indices(Graph g, long rows) {
    return g.allocate(Aten.EMPTY, "routing indices", Category.ACTIVATIONS, rows, DataType.INT64);
  }

  /**
   * What a loop over experts does with an expert's rows: they are weighted and added to the sum in
   * its dtype. Takes over {@code rows} and {@code weights}.
   */
  public static Tensor addWeighted(
      Graph g, Tensor sum, Tensor rows, Tensor weights, Tensor indices) {
    try (Scope scope = Scope.of(g)) {
      Tensor weighted =
          scope.own(
              g.rebind(rows, weights, Pointwise.mul(g, rows, weights, "weighted expert outputs")));
      Tensor narrow =
          scope.own(Pointwise.cast(g, weighted, sum.dtype(), "weighted expert outputs"));
      return addRows(g, sum, narrow, indices);
    }
  }

  /** {@code index_add_} of rows onto {@code sum}: saves the rows for their shape. */
  public static Tensor addRows(Graph g, Tensor sum, Tensor rows, Tensor indices) {
    Node node =
        g.node(
            INDEX_ADD,
            (graph, n) -> {
              if (n.wants(0)) {
                n.outgoing[0] = n.gradient().hold();
              }
              if (n.wants(1)) {
                n.outgoing[1] = Pointwise.gradientLike(graph, n.inputs[1]);
              }
            },
            sum,
            rows);
    g.save(node, indices);
    g.save(node, rows);
    return node == null ? sum : g.withSource(sum, node);
  }

  /** {@code zeros.index_add(0, indices, rows)}: as {@link #addRows}, with a tensor for the sum. */
  public static Tensor addedRows(Graph g, Tensor zeros, Tensor rows, Tensor indices) {
    Tensor sum =
        g.allocate(INDEX_ADD, "expert sums", Category.ACTIVATIONS, zeros.elements, zeros.dtype);
    try (Scope scope = Scope.of(g)) {
      scope.own(zeros);
      return addRows(g, sum, rows, indices);
    }
  }

  /** {@code x.repeat_interleave(k, dim=0)}: a copy of an expanded view, nothing is saved. */
  public static Tensor repeated(Graph g, Tensor x, long elements) {
    Node node = g.node(REPEAT, Pointwise.LIKE_INPUT, x);
    return g.output("expert inputs", x.storage.category(), elements, x.dtype, node);
  }

  /**
   * {@code into[mask] = rows}: saves the mask. The gradient of what was there is a copy with zeros
   * (tools/autograd/derivatives.yaml index_put).
   */
  public static Tensor placed(Graph g, Tensor into, Tensor rows, Tensor mask) {
    Node node =
        g.node(
            INDEX_PUT,
            (graph, n) -> {
              for (int i = 0; i < 2; i++) {
                n.outgoing[i] = n.wants(i) ? Pointwise.gradientLike(graph, n.inputs[i]) : null;
              }
            },
            into,
            rows);
    g.save(node, mask);
    return node == null ? into : g.withSource(into, node);
  }

  /** {@code full.scatter_(1, indices, x)}: saves the indices. */
  public static Tensor scatter(Graph g, Tensor x, Tensor indices, long elements) {
    Node node = g.node(SCATTER, Pointwise.LIKE_INPUT, x);
    g.save(node, indices);
    return g.output("router scores", Category.ACTIVATIONS, elements, x.dtype, node);
  }

  /** {@code zeros.index_copy(0, indices, rows)}: saves the rows for their shape. */
  public static Tensor spreadRows(
      Graph g, Tensor rows, Tensor indices, long elements, String name) {
    Node node = g.node(INDEX_COPY, Pointwise.LIKE_INPUT, rows);
    g.save(node, indices);
    g.save(node, rows);
    Tensor zeros = g.allocate(Aten.ZEROS, name, rows.storage.category(), elements, rows.dtype);
    Tensor spread = g.output(name, rows.storage.category(), elements, rows.dtype, node);
    g.release(zeros);
    return spread;
  }

  /** {@code zeros.index_copy(1, indices, x)}: saves {@code x} for its shape. */
  public static Tensor copyColumns(Graph g, Tensor x, long elements) {
    Node node = g.node(INDEX_COPY, Pointwise.LIKE_INPUT, x);
    g.save(node, x);
    return g.output("adapter outputs", x.storage.category(), elements, x.dtype, node);
  }
}
