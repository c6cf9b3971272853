package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/** Kernels of flash-linear-attention 0.4 for gated delta networks, each one node. */
public final class DeltaKernels {

  /** Tokens of a chunk. */
  private static final long CHUNK = 64;

  private static final Operation CONVOLUTION =
      function("CausalConv1dFunction", "fla/modules/convolution.py CausalConv1dFunction");

  private static final Operation NORM =
      function("L2NormFunction", "fla/modules/l2norm.py L2NormFunction");

  private static final Operation RULE =
      function(
          "ChunkGatedDeltaRuleFunction",
          "fla/ops/gated_delta_rule/chunk.py ChunkGatedDeltaRuleFunction");

  private static Operation function(String name, String source) {
    return Operation.of(name, source + ".forward")
        .backward(name + " backward", source + ".backward");
  }

  private DeltaKernels() {}

  /**
   * Sizes of a gated delta rule.
   *
   * @param tokens of all sequences
   * @param heads of values, for which queries and keys are repeated
   * @param size features of a head
   */
  public record Shape(long tokens, long heads, long size) {

    long features() {
      return tokens * heads * size;
    }

    /** A state, key by value, before every chunk. */
    long states() {
      return (tokens + CHUNK - 1) / CHUNK * heads * size * size;
    }
  }

  /** A short convolution with its activation: saves its input, made contiguous. */
  public static Tensor convolution(Graph g, Tensor x, Tensor weight) {
    Node node =
        g.node(
            CONVOLUTION,
            (graph, n) -> {
              n.outgoing[0] = n.wants(0) ? Pointwise.gradientLike(graph, n.inputs[0]) : null;
              n.outgoing[1] = n.wants(1) ? Pointwise.gradientLike(graph, n.inputs[1]) : null;
            },
            x,
            weight);
    try (Scope scope = Scope.of(g)) {
      Tensor contiguous = scope.own(activations(g, "convolved", x.elements(), x.dtype()));
      g.save(node, contiguous);
      return g.output("convolved", Category.ACTIVATIONS, x.elements(), x.dtype(), node);
    }
  }

  /** Saves its result and a number a row. */
  public static Tensor norm(Graph g, Tensor x, long rows) {
    Node node = g.node(NORM, Pointwise.LIKE_INPUT, x);
    Tensor result = g.output("norm outputs", Category.ACTIVATIONS, x.elements(), x.dtype(), node);
    try (Scope scope = Scope.of(g)) {
      g.save(node, result);
      g.save(node, scope.own(activations(g, "norm statistics", rows, DataType.FP32)));
    }
    return result;
  }

  /**
   * The chunked rule: saves its inputs, with the decay summed over each chunk, and a matrix of a
   * chunk for each head; beside them there are products of keys and values, states and what the
   * rule makes of the values.
   */
  public static Tensor rule(
      Graph g, Tensor query, Tensor key, Tensor value, Tensor decay, Tensor beta, Shape shape) {
    Node node =
        g.node(RULE, (graph, n) -> ruleGradients(graph, n, shape), query, key, value, decay, beta);
    DataType dtype = query.dtype();
    long features = shape.features();
    try (Scope scope = Scope.of(g)) {
      Tensor summed =
          scope.own(activations(g, "delta rule gates", decay.elements(), DataType.FP32));
      long matrix = shape.tokens() * shape.heads() * CHUNK;
      Tensor products = activations(g, "delta rule chunks", matrix, DataType.FP32);
      Tensor chunks = scope.own(activations(g, "delta rule chunks", matrix, dtype));
      g.release(products);
      scope.own(activations(g, "delta rule keys", features, dtype));
      scope.own(activations(g, "delta rule values", features, dtype));
      scope.own(activations(g, "delta rule states", shape.states(), dtype));
      scope.own(activations(g, "delta rule values", features, dtype));
      for (Tensor saved : new Tensor[] {query, key, value, beta, summed, chunks}) {
        g.save(node, saved);
      }
      return g.output("attention outputs", Category.ACTIVATIONS, features, dtype, node);
    }
  }

  /** fla/ops/gated_delta_rule/chunk.py chunk_gated_delta_rule_bwd, all of whose names live. */
  private static void ruleGradients(Graph g, Node n, Shape shape) {
    DataType dtype = n.inputs[0].dtype();
    long features = shape.features();
    try (Scope scope = Scope.of(g)) {
      scope.own(temporary(g, features, dtype), temporary(g, features, dtype));
      scope.own(temporary(g, shape.states(), dtype), temporary(g, features, dtype));
      Tensor local = temporary(g, features, dtype);
      scope.own(temporary(g, shape.states(), dtype));
      Tensor ofValues = temporary(g, features, dtype);
      g.release(local);
      Tensor query = temporary(g, features, dtype);
      Tensor key = temporary(g, features, dtype);
      scope.own(temporary(g, features, dtype));
      Tensor decay = temporary(g, n.inputs[3].elements(), DataType.FP32);
      scope.own(temporary(g, features, dtype));
      Tensor value = temporary(g, features, dtype);
      g.release(ofValues);
      n.outgoing[0] = query;
      n.outgoing[1] = key;
      n.outgoing[2] = value;
      n.outgoing[3] = decay;
      n.outgoing[4] = Pointwise.gradientLike(g, n.inputs[4]);
    }
  }

  private static Tensor activations(Graph g, String name, long elements, DataType dtype) {
    return g.allocate(name, Category.ACTIVATIONS, elements, dtype);
  }

  private static Tensor temporary(Graph g, long elements, DataType dtype) {
    return g.allocate("gradients of activations", Category.TEMPORARIES, elements, dtype);
  }
}
