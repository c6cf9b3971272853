package dev.vramcast.core.module.engine;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.module.engine.EngineCopies.Matrix;
import dev.vramcast.core.module.engine.EngineCopies.Usage;
import dev.vramcast.core.module.linear.BaseLinear;
import dev.vramcast.core.module.linear.DenseLinear;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * TransformerEngine's linear (transformer_engine/pytorch/module/linear.py, 2.18). Until its
 * backward pass it keeps the 8-bit copy of its input that the weight's gradient reads, and both
 * copies of the weight, which is no smaller for that. Outside of {@code fp8_autocast}, which
 * accelerate puts around the model's forward pass in training alone, it keeps what it multiplied.
 */
public record EngineLinear(DenseLinear dense, NarrowLinears how) implements BaseLinear.OverDense {

  private static final Operation PRODUCT =
      Operation.of("_Linear", "transformer_engine/pytorch/module/linear.py")
          .backward("_LinearBackward");

  /** accelerate's {@code amax_history_len} (utils/dataclasses.py TERecipeKwargs). */
  private static final int HISTORY = 1024;

  /** In the place of a linear, with scales and largest values of the last steps. */
  public static EngineLinear load(Graph g, DenseLinear dense, NarrowLinears how) {
    EngineWeights.keepScales(g, how, HISTORY);
    return new EngineLinear(dense, how);
  }

  @Override
  public Tensor forward(Graph g, Tensor x) {
    Tensor weight = dense.weight().value();
    Tensor bias = dense.bias() == null ? null : dense.bias().value();
    boolean narrow = g.phase() == Phase.FORWARD_LAYERS || g.phase() == Phase.FORWARD_HEAD;
    DataType dtype = g.autocast() ? g.autocastDtype() : x.dtype();
    Node node = g.node(PRODUCT, (graph, n) -> gradients(graph, n, dtype, narrow), x, weight, bias);
    try (Scope scope = Scope.of(g)) {
      if (narrow) {
        multiplyNarrow(g, x, node, scope);
      } else {
        multiply(g, x, dtype, node, scope);
      }
      if (bias != null && bias.dtype() != dtype) {
        scope.own(g.allocate(PRODUCT, "biases", Category.TEMPORARIES, bias.elements(), dtype));
      }
      return product(g, x, dtype, node);
    }
  }

  private void multiplyNarrow(Graph g, Tensor x, @Nullable Node node, Scope scope) {
    Linear linear = dense.linear();
    Tensor weight = dense.weight().value();
    boolean keepsInput = node != null && node.wants(1);
    EngineCopies input =
        EngineCopies.of(
            g,
            how,
            Matrix.of(x.elements(), linear.in()),
            Usage.rowsAnd(keepsInput),
            "8-bit inputs");
    input.all().forEach(scope::own);
    EngineCopies matrix =
        EngineCopies.of(
            g,
            how,
            Matrix.weight(weight.elements(), linear.in()),
            Usage.rowsAnd(node != null && node.wants(0)),
            "8-bit weights");
    matrix.all().forEach(scope::own);
    if (node != null) {
      node.fitted = true;
      (keepsInput ? input.byColumns() : input.all()).forEach(copy -> g.save(node, copy));
      matrix.all().forEach(copy -> g.save(node, copy));
    }
  }

  /** cast_if_needed of both, of which autocast's cache knows nothing. */
  private void multiply(Graph g, Tensor x, DataType dtype, @Nullable Node node, Scope scope) {
    Tensor input = scope.own(lowered(g, x, dtype, "inputs"));
    Tensor matrix = scope.own(lowered(g, dense.weight().value(), dtype, "weights"));
    if (node != null) {
      node.fitted = true;
      g.save(node, input);
      g.save(node, matrix);
    }
  }

  private static Tensor lowered(Graph g, Tensor x, DataType dtype, String name) {
    return x.dtype() == dtype
        ? x.hold()
        : g.allocate(PRODUCT, name, Category.TEMPORARIES, x.elements(), dtype);
  }

  private Tensor product(Graph g, Tensor x, DataType dtype, @Nullable Node node) {
    Linear linear = dense.linear();
    long rows = x.elements() / linear.in();
    return g.costlyOutput(
            linear.lastName(), dense.resultCategory(), rows * linear.out(), dtype, node, true)
        .of(linear.out());
  }

  /** The gradient's copies, then the gradients of input and weight in the dtype of products. */
  private void gradients(Graph g, Node n, DataType dtype, boolean narrow) {
    Linear linear = dense.linear();
    try (Scope scope = Scope.of(g)) {
      if (n.wants(2)) {
        n.outgoing[2] = gradient(g, n.inputs[2], dtype);
      }
      if (narrow) {
        EngineCopies.of(
                g,
                how,
                Matrix.of(n.gradient().elements(), linear.out()),
                Usage.rowsAnd(n.wants(1)),
                "8-bit gradients")
            .all()
            .forEach(scope::own);
      }
      for (int operand = 0; operand < 2; operand++) {
        if (n.wants(operand)) {
          n.outgoing[operand] = gradient(g, n.inputs[operand], dtype);
        }
      }
    }
  }

  private static Tensor gradient(Graph g, Tensor of, DataType dtype) {
    return g.allocate(
        PRODUCT, Pointwise.gradientName(of), Pointwise.gradientCategory(of), of.elements(), dtype);
  }

  @Override
  public @Nullable Parameter bias() {
    return dense.bias();
  }
}
