package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/** Matrix products and reductions. Arguments stay the caller's. */
public final class Matrix {

  private static final Operation LINEAR_BIAS = Operation.of("aten::addmm").backward("aten::mm");

  /**
   * {@code mm} and {@code bmm}: the gradient of the second operand first (torch's generated
   * MmBackward0 and BmmBackward0); both are views.
   */
  private static final Node.Backward MATMUL =
      (g, n) -> {
        product(g, n, 1);
        product(g, n, 0);
      };

  /** {@code addmm}: in the order of the operands, the bias last (AddmmBackward0). */
  private static final Node.Backward ADDMM =
      (g, n) -> {
        product(g, n, 0);
        product(g, n, 1);
        if (n.wants(2)) {
          n.outgoing[2] = Pointwise.gradientLike(g, n.inputs[2]);
        }
      };

  private static void product(Graph g, Node n, int operand) {
    if (n.wants(operand)) {
      Tensor product = Pointwise.gradientLike(g, n.inputs[operand]);
      boolean made = operand == 1 && g.follows(Node.Habit.LINEAR_INPUTS);
      n.outgoing[operand] = made ? product : g.view(product, product.elements, null, 0);
    }
  }

  private static final Node.Backward RSQRT =
      (g, n) -> {
        try (Scope scope = Scope.of(g)) {
          scope.own(Pointwise.gradientLike(g, n.inputs[0]));
          scope.own(Pointwise.gradientLike(g, n.inputs[0]));
          n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
        }
      };

  private Matrix() {}

  /**
   * The scores of an indexer: queries by keys in what autocast makes of fp32.
   *
   * @param copies of the keys that the product makes, as where they are of several sequences; 0
   *     where it reads them as they are
   * @param elements of the result
   * @param names what owns the operands, which live on as the graph saves them; null where they go
   */
  public static Tensor wideProduct(
      Graph g,
      Tensor queries,
      Tensor keys,
      long copies,
      long elements,
      String name,
      @Nullable Scope names) {
    try (Scope scope = Scope.of(g)) {
      Scope lasting = names == null ? scope : names;
      Tensor wideQuery = scope.own(Pointwise.cast(g, queries, DataType.FP32, "index queries"));
      Tensor wideKey = scope.own(Pointwise.cast(g, keys, DataType.FP32, "index keys"));
      Tensor left = lasting.own(Pointwise.lowered(g, wideQuery));
      Tensor low = scope.own(Pointwise.lowered(g, wideKey));
      Tensor right =
          lasting.own(
              copies == 0
                  ? low.hold()
                  : Pointwise.detached(g, low.elements() * copies, low.dtype(), name));
      return product(g, left, right, elements, name);
    }
  }

  /**
   * A product of activations and a weight, both in the same dtype. The input is saved for the
   * gradient of the weight, and with {@link Node.Habit#LINEAR_INPUTS} in any case.
   *
   * @param rows of the result
   * @param columns of the result
   */
  public static Tensor linear(
      Graph g,
      Tensor x,
      Tensor weight,
      @Nullable Tensor bias,
      long rows,
      long columns,
      String name,
      Category category) {
    Node node =
        bias == null
            ? g.node(Aten.MM, MATMUL, x, weight)
            : g.node(LINEAR_BIAS, ADDMM, x, weight, bias);
    if (node != null && !node.wants(1) && g.follows(Node.Habit.LINEAR_INPUTS)) {
      g.save(node, x);
    }
    saveOperands(g, node, x, weight);
    return g.costlyOutput(name, category, rows * columns, x.dtype, node, true).of(columns);
  }

  /**
   * The weight that {@code F.linear} multiplies by, which is a view of it that autograd saves; with
   * {@link Node.Habit#LINEAR_INPUTS} it is the weight itself.
   */
  public static Tensor linearWeight(Graph g, Parameter weight, DataType dtype) {
    return weight.dtype() == dtype && !g.follows(Node.Habit.LINEAR_INPUTS)
        ? weight.view(g)
        : castWeight(g, weight, dtype);
  }

  /** {@link #linear} without a bias, where the code calls {@code matmul}. */
  public static Tensor matmul(
      Graph g, Tensor x, Tensor weight, long rows, long columns, String name, Category category) {
    Node node = g.node(Aten.MM, MATMUL, x, weight);
    saveOperands(g, node, x, weight);
    return g.costlyOutput(name, category, rows * columns, x.dtype, node, true).of(columns);
  }

  /** A product of two activations ({@code bmm}). */
  public static Tensor product(Graph g, Tensor a, Tensor b, long elements, String name) {
    Node node = g.node(Aten.BMM, MATMUL, a, b);
    saveOperands(g, node, a, b);
    return g.output(name, a.storage.category(), elements, a.dtype, node);
  }

  private static void saveOperands(Graph g, @Nullable Node node, Tensor a, Tensor b) {
    if (node != null && node.wants(1)) {
      g.save(node, a);
    }
    if (node != null && node.wants(0)) {
      g.save(node, b);
    }
  }

  /** {@code mean(-1, keepdim=True)}: saves nothing. */
  public static Tensor rowMean(Graph g, Tensor x, long rows, String name) {
    Node node = g.node(Aten.MEAN, Node.Kernel.FUSED, Pointwise.LIKE_INPUT, x);
    return g.output(name, x.storage.category(), rows, x.dtype, node);
  }

  /** {@code rsqrt}: saves its result. */
  public static Tensor rsqrt(Graph g, Tensor x, String name) {
    Node node = g.node(Aten.RSQRT, Node.Kernel.FUSED, RSQRT, x);
    Tensor result = g.fusion().result(name, x.storage.category(), x.elements, x.dtype, node, x);
    g.save(node, result);
    return result;
  }

  /**
   * {@code torch.pow(x, -0.5)}: saves its argument, where {@link #rsqrt} saves its result (PyTorch
   * tools/autograd/derivatives.yaml, pow.Tensor_Scalar).
   */
  public static Tensor inverseRoot(Graph g, Tensor x, String name) {
    Node node = g.node(Aten.POW, Node.Kernel.FUSED, RSQRT, x);
    g.save(node, x);
    return g.fusion().result(name, x.storage.category(), x.elements, x.dtype, node, x);
  }

  /** {@code embedding}: the gradient of the table is dense. */
  public static Tensor embedding(Graph g, Tensor table, Tensor indices, long rows, long width) {
    Node node = g.node(Aten.EMBEDDING, Pointwise.LIKE_INPUT, table);
    g.save(node, indices);
    return g.output("hidden states", Category.ACTIVATIONS, rows * width, table.dtype, node)
        .of(width);
  }

  /** What becomes of the gradient of a divided table, which has the rows of all ranks. */
  public enum WholeGradient {
    /** It stays so until the optimizer's step. */
    KEPT,
    /** This rank's rows are copied to be reduced. */
    REDUCED,
    /** This rank's rows are copied and added to the gradient of the head. */
    ADDED
  }

  /**
   * As {@link #embedding} with a DTensor's rows of this rank: the gradient has the rows of all
   * (torch/distributed/tensor/_ops/_embedding_ops.py embedding_dense_backward_strategy divides it
   * by columns or not at all). Autograd adds tensors of such a class out of place
   * (torch/csrc/autograd/input_buffer.cpp can_accumulate_inplace).
   *
   * @param degrees ranks among which the table is divided
   */
  public static Tensor dividedEmbedding(
      Graph g,
      Tensor table,
      Tensor ids,
      long rows,
      long width,
      int degrees,
      WholeGradient becomes) {
    Node node =
        g.node(
            Aten.EMBEDDING,
            (graph, n) -> n.outgoing[0] = whole(graph, n.inputs[0], degrees, becomes),
            table);
    g.save(node, ids);
    return g.output("hidden states", Category.ACTIVATIONS, rows * width, table.dtype, node)
        .of(width);
  }

  private static Tensor whole(Graph g, Tensor table, int degrees, WholeGradient becomes) {
    Tensor whole =
        g.allocate(
            Pointwise.gradientName(table),
            Pointwise.gradientCategory(table),
            table.elements * degrees,
            table.dtype);
    return becomes == WholeGradient.KEPT
        ? whole
        : g.rebind(whole, ownRows(g, table, becomes == WholeGradient.ADDED));
  }

  /** This rank's rows of a gradient, and where they are added a sum that is dropped at once. */
  private static Tensor ownRows(Graph g, Tensor table, boolean added) {
    try (Scope scope = Scope.of(g)) {
      Tensor own = Pointwise.gradientLike(g, table);
      scope.ownIfAny(added ? Pointwise.gradientLike(g, table) : null);
      return own;
    }
  }

  /** As {@link #embedding} with the transposed table; its gradient is turned back by a copy. */
  public static Tensor transposedEmbedding(
      Graph g, Tensor table, Tensor indices, long rows, long width) {
    Node node =
        g.node(
            Aten.EMBEDDING,
            (graph, n) -> {
              try (Scope scope = Scope.of(graph)) {
                scope.own(Pointwise.gradientLike(graph, n.inputs[0]));
                n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              }
            },
            table);
    g.save(node, indices);
    return g.output("adapter inner", Category.ACTIVATIONS, rows * width, table.dtype, node);
  }

  /** A parameter that is used through a view: autocast copies it each time. */
  public static Tensor castActivation(Graph g, Tensor x) {
    return g.autocast()
        ? Pointwise.cast(g, x, g.autocastDtype(), "autocast copies of weights")
        : x.hold();
  }

  /** The autocast copy of a weight: cached when it is trained, saved by its user when not. */
  public static Tensor castWeight(Graph g, Parameter parameter, DataType dtype) {
    if (parameter.dtype() == dtype) {
      return parameter.value().hold();
    }
    if (parameter.cachedCast != null) {
      return parameter.cachedCast.hold();
    }
    Node node = g.sideGraphs().castNode(Aten.TO_COPY, Pointwise.LIKE_INPUT, parameter.value());
    Tensor copy =
        g.output(
            "autocast copies of weights", Category.TEMPORARIES, parameter.elements(), dtype, node);
    if (parameter.dtype() == DataType.FP32) {
      g.cacheCast(parameter, copy);
    }
    return copy;
  }
}
