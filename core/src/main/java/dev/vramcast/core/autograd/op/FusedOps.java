package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Fusion;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/** Operations that are one kernel each: normalisations, fused activations, rotary embedding. */
public final class FusedOps {

  private static final Operation LAYER_NORM =
      Operation.of("aten::native_layer_norm").backward("aten::native_layer_norm_backward");

  private static final Operation FUSED_NORM =
      Operation.of("aten::_fused_rms_norm").backward("aten::_fused_rms_norm_backward");

  private static final Operation LIGER_NORM =
      Operation.of("LigerRMSNormFunction", "liger_kernel/ops/rms_norm.py rms_norm_forward")
          .backward(
              "LigerRMSNormFunction backward", "liger_kernel/ops/rms_norm.py rms_norm_backward");

  private static final Operation LIGER_SWIGLU =
      Operation.of("LigerSiLUMulFunction", "liger_kernel/ops/swiglu.py swiglu_forward")
          .backward("LigerSiLUMulFunction backward", "liger_kernel/ops/swiglu.py swiglu_backward");

  private static final Operation SPLIT =
      Operation.of("aten::split_with_sizes").backward("aten::cat");

  private static final Node.Backward NORM =
      (g, n) -> {
        n.outgoing[0] = n.wants(0) ? Pointwise.gradientLike(g, n.inputs[0]) : null;
        for (int i = 1; i < n.inputs.length; i++) {
          n.outgoing[i] = n.wants(i) ? Pointwise.gradientLike(g, n.inputs[i]) : null;
        }
      };

  /** Liger writes the gradient of the input over the incoming one. */
  private static final Node.Backward IN_PLACE =
      (g, n) -> {
        n.outgoing[0] = n.wants(0) ? n.gradient().hold() : null;
        for (int i = 1; i < n.inputs.length; i++) {
          n.outgoing[i] = n.wants(i) ? Pointwise.gradientLike(g, n.inputs[i]) : null;
        }
      };

  private static final Node.Backward GATED =
      (g, n) -> {
        for (int i = 0; i < 2; i++) {
          n.outgoing[i] = n.wants(i) ? n.saved[i].hold() : null;
        }
      };

  private static final Node.Backward ROTATE_HALF =
      (g, n) -> {
        Tensor x = n.inputs[0];
        Tensor negated =
            g.allocate("gradients of activations", Category.TEMPORARIES, x.elements / 2, x.dtype);
        n.outgoing[0] = g.rebind(negated, Pointwise.gradientLike(g, x));
        try (Scope scope = Scope.of(g)) {
          scope.own(Pointwise.gradientLike(g, x));
        }
      };

  private FusedOps() {}

  /** {@code native_layer_norm}: saves the input, weight and bias, and two numbers a row. */
  public static Tensor layerNorm(
      Graph g, Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, long rows) {
    Node node = g.node(LAYER_NORM, NORM, x, weight, bias);
    g.save(node, x);
    for (Tensor parameter : new @Nullable Tensor[] {weight, bias}) {
      if (parameter != null) {
        g.save(node, parameter);
      }
    }
    Tensor result = g.output("norm outputs", x.storage.category(), x.elements, x.dtype, node);
    result.storage.like(x.storage);
    try (Scope scope = Scope.of(g)) {
      Tensor mean =
          scope.own(g.output("norm statistics", Category.ACTIVATIONS, rows, DataType.FP32, null));
      Tensor deviation =
          scope.own(g.output("norm statistics", Category.ACTIVATIONS, rows, DataType.FP32, null));
      g.save(node, mean);
      g.save(node, deviation);
      return result;
    }
  }

  /**
   * Liger's RMSNorm: saves the input and one number a row (liger_kernel/ops/rms_norm.py).
   *
   * @param inPlace the input's gradient is written over the incoming one
   */
  public static Tensor rmsNorm(
      Graph g, Tensor x, @Nullable Tensor weight, long rows, boolean inPlace) {
    return rmsNorm(g, x, rows, g.node(LIGER_NORM, inPlace ? IN_PLACE : NORM, x, weight));
  }

  /** PyTorch's {@code _fused_rms_norm}: saves the same, and its gradients are new tensors. */
  public static Tensor rmsNormKernel(Graph g, Tensor x, @Nullable Tensor weight, long rows) {
    return rmsNorm(g, x, rows, g.node(FUSED_NORM, NORM, x, weight));
  }

  private static Tensor rmsNorm(Graph g, Tensor x, long rows, @Nullable Node node) {
    Tensor result = g.output("norm outputs", x.storage.category(), x.elements, x.dtype, node);
    result.storage.like(x.storage);
    try (Scope scope = Scope.of(g)) {
      Tensor deviation =
          scope.own(g.output("norm statistics", Category.ACTIVATIONS, rows, DataType.FP32, null));
      g.save(node, x);
      g.save(node, deviation);
      return result;
    }
  }

  /** Liger's SiLU times up: saves both, and writes both gradients over them (ops/swiglu.py). */
  public static Tensor swiglu(Graph g, Tensor gate, Tensor up, String name) {
    Node node = g.node(LIGER_SWIGLU, GATED, gate, up);
    Tensor result = g.output(name, gate.storage.category(), gate.elements, gate.dtype, node);
    result.storage.like(gate.storage);
    g.save(node, gate);
    g.save(node, up);
    return result;
  }

  /** {@code cat((-x2, x1))} of the two halves of every head. */
  public static Tensor rotateHalf(Graph g, Tensor x, String name) {
    Node node = g.node(Aten.CAT, Node.Kernel.FUSED, ROTATE_HALF, x);
    Fusion fusion = g.fusion();
    Category category = x.storage.category();
    try (Scope scope = Scope.of(g)) {
      scope.own(fusion.result(name, category, x.elements / 2, x.dtype, null, x));
      return fusion.result(name, category, x.elements, x.dtype, node, x);
    }
  }

  /** An operation on a tensor in place, with its gradient in place too. Takes over the argument. */
  public static Tensor inPlace(Graph g, Tensor x) {
    Node node = g.node(Aten.MUL, IN_PLACE, x);
    return node == null ? x : g.withSource(x, node);
  }

  /**
   * Slices of one tensor along its features, as views ({@code split}, {@code chunk}); the gradient
   * is put together by one concatenation. Takes over the argument.
   */
  public static Tensor[] split(Graph g, Tensor x, long... parts) {
    Node node = g.node(SPLIT, Node.Kernel.FUSED, Pointwise.LIKE_INPUT, x);
    Tensor[] views = new Tensor[parts.length];
    for (int i = 0; i < parts.length; i++) {
      views[i] = g.view(x.hold(), parts[i], node, i);
    }
    g.release(x);
    return views;
  }

  /**
   * {@code cat} of a tensor and a slice of another, so that the result has {@code elements}; the
   * gradients are views of the result's.
   */
  public static Tensor concatenate(Graph g, String name, Tensor a, Tensor b, long elements) {
    Node node =
        g.node(
            Aten.CAT,
            Node.Kernel.NONE,
            (graph, n) -> {
              if (n.wants(0)) {
                n.outgoing[0] = graph.view(n.gradient().hold(), n.inputs[0].elements, null, 0);
              }
              if (n.wants(1) && elements > n.inputs[0].elements) {
                n.outgoing[1] = Pointwise.gradientLike(graph, n.inputs[1]);
              }
            },
            a,
            b);
    return g.fusion().result(name, a.storage.category(), elements, a.dtype, node, a, b);
  }
}
