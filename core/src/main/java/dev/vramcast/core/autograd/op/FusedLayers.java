package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Modules of TransformerEngine 2 and fused functions of Megatron-Core 0.16, each one node.
 * Gradients of matrices are summed into main gradients that are there all the time ({@code
 * fuse_wgrad_accumulation}), so a node sends its matrix none; gains of norms get one.
 */
public final class FusedLayers {

  private static final Operation COLUMN =
      function("Linear", "transformer_engine/pytorch/module/linear.py _Linear");

  private static final Operation ROW =
      function("Linear", "transformer_engine/pytorch/module/linear.py _Linear");

  private static final Operation NORM_COLUMN =
      function(
          "LayerNormLinear",
          "transformer_engine/pytorch/module/layernorm_linear.py _LayerNormLinear");

  private static final Operation NORM =
      function("TENorm", "megatron/core/extensions/transformer_engine.py TENorm");

  private static final Operation DROPOUT_ADD =
      function("bias_dropout_add", "megatron/core/fusions/fused_bias_dropout.py _bias_dropout_add");

  private static final Operation SWIGLU =
      function("SwiGLUFunction", "megatron/core/fusions/fused_bias_swiglu.py SwiGLUFunction");

  private static final Operation HEAD =
      function(
          "LinearWithGradAccumulationAndAsyncCommunication",
          "megatron/core/tensor_parallel/layers.py"
              + " LinearWithGradAccumulationAndAsyncCommunication");

  private static final Operation IN_PLACE =
      function(
          "CrossEntropyFunction",
          "transformer_engine/pytorch/cross_entropy.py CrossEntropyFunction");

  private static final Operation COMPILED =
      function(
          "_VocabParallelCrossEntropy",
          "megatron/core/fusions/fused_cross_entropy.py _VocabParallelCrossEntropy");

  private static final Operation VOCABULARY =
      function(
          "_VocabParallelCrossEntropy",
          "megatron/core/tensor_parallel/cross_entropy.py _VocabParallelCrossEntropy");

  private static final Operation SHARDED =
      function(
          "_ShardedCrossEntropy",
          "nanotron/parallel/tensor_parallel/functional.py _ShardedCrossEntropy");

  /** A custom function, whose backward pass is its other half. */
  private static Operation function(String name, String source) {
    return Operation.of(name, source + ".forward")
        .backward(name + " backward", source + ".backward");
  }

  private FusedLayers() {}

  /**
   * Shape of a product with a matrix.
   *
   * @param rows tokens of the product
   * @param degrees ranks that hold a share of these tokens each, outside the product; 1 for none
   */
  public record Product(long rows, long in, long out, int degrees) {

    /** Elements of the product's input, all tokens. */
    public long inputs() {
      return Math.multiplyExact(rows, in);
    }

    /** Elements of its result, all tokens. */
    public long outputs() {
      return Math.multiplyExact(rows, out);
    }
  }

  /**
   * Gain and bias of a norm.
   *
   * @param bias null for RMSNorm, which also has no mean to keep
   */
  public record Affine(Tensor gain, @Nullable Tensor bias) {}

  /**
   * Column-parallel {@code Linear} (pytorch/module/linear.py): saves this rank's tokens, and
   * gathers them anew for the backward pass.
   */
  public static Tensor column(Graph g, Tensor x, Tensor weight, Product p) {
    Node node =
        g.node(COLUMN, (graph, n) -> n.outgoing[0] = columnGradient(graph, n, 1, p), x, weight);
    if (node != null && node.wants(1)) {
      g.save(node, x);
    }
    return projected(g, x.dtype, p, node);
  }

  /**
   * {@code LayerNormLinear} (pytorch/module/layernorm_linear.py): saves its input, the statistics
   * of the rows and the normalised rows.
   */
  public static Tensor normColumn(Graph g, Tensor x, Affine norm, Tensor weight, Product p) {
    Node node =
        g.node(
            NORM_COLUMN,
            (graph, n) -> {
              try (Scope scope = Scope.of(graph)) {
                scope.own(columnGradient(graph, n, 3, p));
                normGradients(graph, n);
              }
            },
            x,
            norm.gain(),
            norm.bias(),
            weight);
    try (Scope scope = Scope.of(g)) {
      Tensor normalised =
          scope.own(g.allocate("norm outputs", Category.ACTIVATIONS, x.elements, x.dtype));
      g.save(node, x);
      saveStatistics(g, node, norm, p.rows() / p.degrees());
      if (node != null && node.wants(3)) {
        g.save(node, normalised);
      }
      return projected(g, x.dtype, p, node);
    }
  }

  private static Tensor projected(Graph g, DataType dtype, Product p, @Nullable Node node) {
    try (Scope scope = Scope.of(g)) {
      scope.ownIfAny(p.degrees() == 1 ? null : gathered(g, p.inputs(), dtype));
      return g.output("projections", Category.ACTIVATIONS, p.outputs(), dtype, node);
    }
  }

  /** The gradient of the product's input, scattered where its tokens were gathered. */
  private static Tensor columnGradient(Graph g, Node n, int weight, Product p) {
    DataType dtype = n.inputs[0].dtype;
    if (p.degrees() == 1) {
      return temporary(g, p.inputs(), dtype);
    }
    try (Scope scope = Scope.of(g)) {
      scope.ownIfAny(n.wants(weight) ? gathered(g, p.inputs(), dtype) : null);
      scope.own(temporary(g, p.inputs(), dtype));
      return temporary(g, p.inputs() / p.degrees(), dtype);
    }
  }

  /**
   * Row-parallel {@code Linear}: the sums over all ranks are made in place, or scattered along the
   * tokens.
   */
  public static Tensor row(Graph g, Tensor x, Tensor weight, Product p) {
    Node node = g.node(ROW, (graph, n) -> rowGradient(graph, n, p), x, weight);
    if (node != null && node.wants(1)) {
      g.save(node, x);
    }
    if (p.degrees() == 1) {
      return g.output("projections", Category.ACTIVATIONS, p.outputs(), x.dtype, node);
    }
    try (Scope scope = Scope.of(g)) {
      scope.own(temporary(g, p.outputs(), x.dtype));
      return g.output(
          "projections", Category.ACTIVATIONS, p.outputs() / p.degrees(), x.dtype, node);
    }
  }

  private static void rowGradient(Graph g, Node n, Product p) {
    DataType dtype = n.inputs[0].dtype;
    try (Scope scope = Scope.of(g)) {
      scope.ownIfAny(p.degrees() == 1 ? null : gathered(g, p.outputs(), dtype));
      n.outgoing[0] = n.wants(0) ? temporary(g, p.inputs(), dtype) : null;
    }
  }

  /** {@code TENorm}: saves its input and the statistics of the rows. */
  public static Tensor norm(Graph g, Tensor x, Affine norm, long rows) {
    Node node = g.node(NORM, FusedLayers::normGradients, x, norm.gain(), norm.bias());
    Tensor result = g.output("norm outputs", Category.ACTIVATIONS, x.elements, x.dtype, node);
    g.save(node, x);
    saveStatistics(g, node, norm, rows);
    return result;
  }

  /** What a norm keeps of each row: its scale, and its mean where the norm has a bias. */
  public static void saveStatistics(Graph g, @Nullable Node node, Affine norm, long rows) {
    int count = norm.bias() == null ? 1 : 2;
    try (Scope scope = Scope.of(g)) {
      Tensor statistics =
          scope.own(
              g.allocate("norm statistics", Category.ACTIVATIONS, rows * count, DataType.FP32));
      g.save(node, statistics);
    }
  }

  /** Gradients of a norm's input, gain and bias, the first operands of a node. */
  public static void normGradients(Graph g, Node n) {
    for (int i = 0; i < 3; i++) {
      n.outgoing[i] =
          i < n.inputs.length && n.wants(i) ? Pointwise.gradientLike(g, n.inputs[i]) : null;
    }
  }

  /**
   * A branch that is added to the residual stream, one kernel (megatron/core/fusions/
   * fused_bias_dropout.py bias_dropout_add_fused_train): saves which elements were dropped.
   */
  public static Tensor dropoutAdd(Graph g, Tensor residual, Tensor branch, double p) {
    if (p == 0 || !g.drops(false)) {
      return Pointwise.add(g, residual, branch, "hidden states");
    }
    Node node =
        g.node(
            DROPOUT_ADD,
            (graph, n) -> {
              n.outgoing[0] = n.wants(0) ? n.gradient().hold() : null;
              n.outgoing[1] = n.wants(1) ? Pointwise.gradientLike(graph, n.inputs[1]) : null;
            },
            residual,
            branch);
    Tensor result =
        g.output("hidden states", Category.ACTIVATIONS, branch.elements, branch.dtype, node);
    try (Scope scope = Scope.of(g)) {
      Tensor mask =
          scope.own(
              g.allocate("dropout mask", Category.ACTIVATIONS, branch.elements, DataType.BOOL));
      g.save(node, mask);
    }
    return result;
  }

  /**
   * Gate and up in one tensor (megatron/core/fusions/fused_bias_swiglu.py): saves its input.
   *
   * @param weights one a row, by which the result is multiplied; null for none
   */
  public static Tensor gated(Graph g, Tensor x, @Nullable Tensor weights) {
    Node node =
        g.node(
            SWIGLU,
            (graph, n) -> {
              n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              n.outgoing[1] = n.wants(1) ? Pointwise.gradientLike(graph, n.inputs[1]) : null;
            },
            x,
            weights);
    g.save(node, x);
    if (weights != null) {
      g.save(node, weights);
    }
    return g.output("gated products", Category.ACTIVATIONS, x.elements / 2, x.dtype, node);
  }

  /**
   * The head (megatron/core/tensor_parallel/layers.py,
   * LinearWithGradAccumulationAndAsyncCommunication): tokens are gathered into a buffer that stays,
   * and an empty gradient of the whole matrix stands for the one in the main gradients.
   */
  public static Tensor head(Graph g, Tensor x, Tensor weight, Product p) {
    Node node =
        g.node(
            HEAD,
            (graph, n) -> {
              DataType dtype = n.inputs[0].dtype;
              try (Scope scope = Scope.of(graph)) {
                Tensor whole = scope.own(temporary(graph, p.inputs(), dtype));
                n.outgoing[0] =
                    p.degrees() == 1
                        ? whole.hold()
                        : temporary(graph, p.inputs() / p.degrees(), dtype);
                n.outgoing[1] = n.wants(1) ? Pointwise.gradientLike(graph, n.inputs[1]) : null;
              }
            },
            x,
            weight);
    if (node != null && node.wants(1)) {
      g.save(node, x);
    }
    return g.output("logits", Category.LOGITS_AND_LOSS, p.outputs(), x.dtype, node);
  }

  /**
   * Cross-entropy of TransformerEngine (pytorch/cross_entropy.py): gradients are written over the
   * logits, which it saves.
   */
  public static Tensor crossEntropyInPlace(Graph g, Tensor logits, long rows) {
    Node node = g.node(IN_PLACE, (graph, n) -> n.outgoing[0] = n.saved[0].hold(), logits);
    g.save(node, logits);
    return g.output("loss", Category.LOGITS_AND_LOSS, rows, DataType.FP32, node);
  }

  /**
   * Cross-entropy of Megatron-Core (tensor_parallel/cross_entropy.py): the logits in fp32 become
   * their softmax in place, which it saves; the gradient is made there and then cast.
   *
   * @param copies the logits in fp32 are there beside their softmax until it returns
   */
  public static Tensor vocabularyCrossEntropy(Graph g, Tensor logits, long rows, boolean copies) {
    return crossEntropy(g, logits, rows, copies, VOCABULARY, Pointwise.LIKE_INPUT);
  }

  /**
   * As that, compiled (fusions/fused_cross_entropy.py {@code calculate_predicted_logits}, {@code
   * calculate_gradients}): where Inductor's graph also sums over what it changes in place, or
   * scatters into it, the new value is another tensor until it has been copied back.
   */
  public static Tensor compiledCrossEntropy(Graph g, Tensor logits, long rows) {
    return crossEntropy(
        g,
        logits,
        rows,
        true,
        COMPILED,
        (graph, n) -> {
          Tensor made = wide(graph, n.saved[0]);
          n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
          graph.release(made);
        });
  }

  /**
   * Nanotron's (parallel/tensor_parallel/functional.py _ShardedCrossEntropy) of logits in fp32: the
   * softmax beside them, of which the gradient is made in place.
   */
  public static Tensor shardedCrossEntropy(Graph g, Tensor logits, long rows) {
    return crossEntropy(
        g, logits, rows, false, SHARDED, (graph, n) -> n.outgoing[0] = n.saved[0].hold());
  }

  private static Tensor crossEntropy(
      Graph g,
      Tensor logits,
      long rows,
      boolean copies,
      Operation operation,
      Node.Backward backward) {
    Node node = g.node(operation, backward, logits);
    try (Scope scope = Scope.of(g)) {
      if (copies) {
        scope.own(wide(g, logits));
      }
      g.save(node, scope.own(wide(g, logits)));
    }
    return g.output("loss", Category.LOGITS_AND_LOSS, rows, DataType.FP32, node);
  }

  private static Tensor wide(Graph g, Tensor logits) {
    return g.allocate("logits in fp32", Category.LOGITS_AND_LOSS, logits.elements, DataType.FP32);
  }

  private static Tensor gathered(Graph g, long elements, DataType dtype) {
    return g.allocate("gathered tokens", Category.COMMUNICATION, elements, dtype);
  }

  private static Tensor temporary(Graph g, long elements, DataType dtype) {
    return g.allocate("gradients of activations", Category.TEMPORARIES, elements, dtype);
  }
}
