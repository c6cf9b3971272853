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

/**
 * xIELU as Transformers writes it where its CUDA extension is not installed ({@code
 * XIELUActivation._xielu_python}): {@code where(x > 0, p * x * x + beta * x, (expm1(min(x, eps)) -
 * x) * n + beta * x)} with two learned numbers.
 */
public final class Xielu {

  private static final String OUTPUTS = "activation outputs";
  private static final Operation GREATER = Operation.of("aten::gt");
  private static final Operation MINIMUM = Operation.of("aten::minimum").backward("aten::where");
  private static final Operation EXPM1 = Operation.of("aten::expm1").backward("aten::mul");

  private Xielu() {}

  /**
   * The activation of {@code x}, which stays the caller's.
   *
   * @param positive the number whose softplus scales the square
   * @param negative the number whose softplus, and beta, scale the other side
   */
  public static Tensor apply(Graph g, Tensor x, Tensor positive, Tensor negative) {
    try (Scope scope = Scope.of(g)) {
      Tensor p = scope.own(softplus(g, positive));
      Tensor low = scope.own(softplus(g, negative));
      Tensor n = scope.own(Pointwise.scale(g, low, OUTPUTS));
      Tensor isPositive =
          scope.own(
              g.allocate(GREATER, "signs", Category.ACTIVATIONS, x.elements(), DataType.BOOL));
      Tensor right = scope.own(square(g, x, p));
      Tensor left = scope.own(exponential(g, x, n));
      return where(g, isPositive, right, left);
    }
  }

  private static Tensor softplus(Graph g, Tensor number) {
    Tensor base = Pointwise.widened(g, number, OUTPUTS);
    return g.rebind(base, Pointwise.activation(g, Aten.SOFTPLUS, base, OUTPUTS));
  }

  /** {@code p * x * x + beta * x}. */
  private static Tensor square(Graph g, Tensor x, Tensor p) {
    Tensor scaled = Pointwise.mulByWeight(g, p, x, OUTPUTS);
    Tensor square = g.rebind(scaled, Pointwise.mul(g, scaled, x, OUTPUTS));
    return plusLinear(g, square, x);
  }

  /** {@code (expm1(min(x, eps)) - x) * n + beta * x}; autocast runs expm1 in fp32. */
  private static Tensor exponential(Graph g, Tensor x, Tensor n) {
    Tensor least = minimum(g, x);
    Tensor base = g.rebind(least, Pointwise.widened(g, least, OUTPUTS));
    Tensor grown = g.rebind(base, expm1(g, base));
    Tensor difference = g.rebind(grown, Pointwise.add(g, grown, x, OUTPUTS));
    Tensor scaled = g.rebind(difference, Pointwise.mul(g, difference, n, OUTPUTS));
    return plusLinear(g, scaled, x);
  }

  /** {@code part + beta * x}; takes over the part. */
  private static Tensor plusLinear(Graph g, Tensor part, Tensor x) {
    Tensor linear = Pointwise.scale(g, x, OUTPUTS);
    return g.rebind(part, linear, Pointwise.add(g, part, linear, OUTPUTS));
  }

  /** {@code min(x, number)}: saves its input, whose gradient is halved where both are equal. */
  private static Tensor minimum(Graph g, Tensor x) {
    Node node =
        g.node(
            MINIMUM,
            Node.Kernel.FUSED,
            (graph, n) -> {
              try (Scope scope = Scope.of(graph)) {
                Tensor input = n.inputs[0];
                scope.own(Pointwise.detached(graph, input.elements(), DataType.BOOL, "ties"));
                scope.own(Pointwise.gradientLike(graph, input));
                n.outgoing[0] = Pointwise.gradientLike(graph, input);
              }
            },
            x);
    g.save(node, x);
    return g.fusion().result(OUTPUTS, x.storage.category(), x.elements(), x.dtype(), node, x);
  }

  /** {@code x.expm1()}: saves its result, and multiplies the gradient by that and one. */
  private static Tensor expm1(Graph g, Tensor x) {
    Node node =
        g.node(
            EXPM1,
            Node.Kernel.FUSED,
            (graph, n) -> {
              try (Scope scope = Scope.of(graph)) {
                scope.own(Pointwise.gradientLike(graph, n.inputs[0]));
                n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              }
            },
            x);
    Tensor result =
        g.fusion().result(OUTPUTS, x.storage.category(), x.elements(), x.dtype(), node, x);
    g.save(node, result);
    return result;
  }

  /** {@code where(condition, a, b)}: saves the condition. */
  private static Tensor where(Graph g, Tensor condition, Tensor a, Tensor b) {
    Node node =
        g.node(
            Aten.WHERE,
            Node.Kernel.FUSED,
            (graph, n) -> {
              for (int i = 0; i < 2; i++) {
                n.outgoing[i] = n.wants(i) ? Pointwise.gradientLike(graph, n.inputs[i]) : null;
              }
            },
            a,
            b);
    g.save(node, condition);
    return g.fusion().result(OUTPUTS, a.storage.category(), a.elements(), a.dtype(), node, a, b);
  }
}
