package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Compiled;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Products of 8-bit copies of both operands, which are made for each product and dropped behind it
 * (torchao/float8/float8_linear.py matmul_with_hp_or_float8_args): what is saved is the input and
 * the weight as they were.
 */
final class Float8Ops {

  private static final Operation PRODUCT =
      Operation.of("aten::_scaled_mm", "torchao/float8/float8_linear.py")
          .backward("aten::_scaled_mm");

  private static final Operation CAST =
      Operation.of(
          "aten::_to_copy", "torchao/float8/float8_scaling_utils.py hp_tensor_to_float8_dynamic");

  private Float8Ops() {}

  /**
   * The product in the input's dtype; both arguments stay the caller's.
   *
   * @param keepsCopy torch.compile, where it runs, keeps the weight's 8-bit copy for the backward
   *     pass
   */
  static Tensor linear(
      Graph g, Tensor x, Tensor weight, boolean keepsCopy, long elements, String name) {
    boolean fused = Compiled.isRunning(g);
    Node node =
        g.node(PRODUCT, Node.Kernel.OWN, (graph, n) -> gradients(graph, n, fused), x, weight);
    if (node != null) {
      node.fitted = true;
      g.save(node, x);
      g.save(node, weight);
    }
    try (Scope scope = Scope.of(g)) {
      scope.own(narrowed(g, x.elements(), x.dtype(), fused));
      Tensor copy = scope.own(narrowed(g, weight.elements(), weight.dtype(), fused));
      if (node != null && fused && keepsCopy) {
        g.save(node, copy);
      }
      return g.costlyOutput(name, Category.ACTIVATIONS, elements, x.dtype(), node, true);
    }
  }

  /**
   * Both gradients, whether they are wanted or not; operands that lie the other way round than
   * {@code _scaled_mm} takes them are copied (float8_ops.py preprocess_addmm).
   */
  private static void gradients(Graph g, Node n, boolean fused) {
    Tensor input = n.inputs[0];
    Tensor weight = n.inputs[1];
    Tensor gradient = n.gradient();
    try (Scope scope = Scope.of(g)) {
      scope.own(narrowed(g, gradient.elements(), gradient.dtype(), fused));
      if (n.saved.length < 3) {
        scope.own(narrowed(g, weight.elements(), weight.dtype(), fused));
      }
      Tensor turnedWeight = eightBits(g, weight.elements());
      Tensor ofInput = Pointwise.gradientLike(g, input);
      g.release(turnedWeight);
      scope.own(narrowed(g, gradient.elements(), gradient.dtype(), fused));
      scope.own(narrowed(g, input.elements(), input.dtype(), fused));
      Tensor turnedGradient = eightBits(g, gradient.elements());
      Tensor turnedInput = eightBits(g, input.elements());
      Tensor ofWeight =
          g.allocate(
              CAST,
              Pointwise.gradientName(weight),
              Pointwise.gradientCategory(weight),
              weight.elements(),
              gradient.dtype());
      g.release(turnedGradient, turnedInput);
      n.outgoing[0] = kept(g, n, 0, ofInput);
      n.outgoing[1] = kept(g, n, 1, ofWeight);
    }
  }

  private static @Nullable Tensor kept(Graph g, Node n, int operand, Tensor gradient) {
    if (n.wants(operand)) {
      return gradient;
    }
    g.release(gradient);
    return null;
  }

  /**
   * The 8-bit copy. Without torch.compile magnitudes are a tensor, then the values in fp32, these
   * scaled, and these clamped (float8_utils.py to_fp8_saturated).
   */
  private static Tensor narrowed(Graph g, long elements, DataType dtype, boolean fused) {
    if (fused) {
      return eightBits(g, elements);
    }
    g.release(temporary(g, elements, dtype));
    Tensor wide = dtype == DataType.FP32 ? null : temporary(g, elements, DataType.FP32);
    try (Scope scope = Scope.of(g)) {
      scope.own(temporary(g, elements, DataType.FP32));
      if (wide != null) {
        g.release(wide);
      }
      scope.own(temporary(g, elements, DataType.FP32));
      return eightBits(g, elements);
    }
  }

  private static Tensor temporary(Graph g, long elements, DataType dtype) {
    return g.allocate(CAST, "values that are scaled", Category.TEMPORARIES, elements, dtype);
  }

  private static Tensor eightBits(Graph g, long elements) {
    return g.allocate(CAST, "8-bit operands", Category.TEMPORARIES, elements, DataType.FP8);
  }
}
