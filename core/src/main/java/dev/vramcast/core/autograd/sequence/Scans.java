package dev.vramcast.core.autograd.sequence;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/** Kernels of mamba_ssm, which Transformers calls where they are installed. */
public final class Scans {

  private static final Operation MAMBA2 =
      Operation.of(
              "MambaSplitConv1dScanCombinedFn",
              "mamba_ssm/ops/triton/ssd_combined.py MambaSplitConv1dScanCombinedFn.forward")
          .backward(
              "MambaSplitConv1dScanCombinedFn backward",
              "mamba_ssm/ops/triton/ssd_combined.py MambaSplitConv1dScanCombinedFn.backward");

  private static final Operation CONVOLUTION =
      Operation.of("CausalConv1dFn", "causal_conv1d/causal_conv1d_interface.py CausalConv1dFn");

  private static final Operation SELECTIVE =
      Operation.of("SelectiveScanFn", "mamba_ssm/ops/selective_scan_interface.py SelectiveScanFn");

  private static final String SCRATCH = "scan backward scratch";

  private Scans() {}

  /**
   * Sizes of a Mamba 2 scan.
   *
   * @param inner features of the value stream
   * @param convolved features that go through the convolution
   * @param states elements of the states at the ends of all chunks
   * @param scores elements of the products of B and C inside the chunks
   */
  public record Mamba2Size(
      long tokens, long inner, long convolved, long heads, long states, long scores) {}

  /**
   * {@code mamba_split_conv1d_scan_combined} up to the norm of its output (mamba_ssm
   * ops/triton/ssd_combined.py): it keeps its input, the scan's output and a number a row, and runs
   * the convolution again in the backward pass.
   *
   * @param projected the input projection's result
   * @param parameters weights that are trained or not; null entries stand for absent ones
   */
  public static Tensor mamba2(
      Graph g,
      Tensor projected,
      Mamba2Size size,
      boolean normalised,
      @Nullable Tensor... parameters) {
    @Nullable Tensor[] inputs = new @Nullable Tensor[parameters.length + 1];
    inputs[0] = projected;
    System.arraycopy(parameters, 0, inputs, 1, parameters.length);
    Node node = g.node(MAMBA2, (graph, n) -> mamba2Backward(graph, n, size), inputs);
    g.save(node, projected);
    DataType dtype = projected.dtype;
    Tensor convolved = activations(g, "convolved", size.tokens * size.convolved, dtype);
    Tensor steps = activations(g, "time steps", size.tokens * size.heads, DataType.FP32);
    Tensor decays = activations(g, "time steps", size.tokens * size.heads, DataType.FP32);
    Tensor states = activations(g, "scan states", size.states, DataType.FP32);
    Tensor passed = g.rebind(states, activations(g, "scan states", size.states, dtype));
    Tensor scanned;
    try (Scope scope = Scope.of(g)) {
      scope.own(activations(g, "chunk scores", size.scores, DataType.FP32));
      scope.own(passed, steps, decays, convolved);
      scanned = activations(g, "scan outputs", size.tokens * size.inner, dtype);
    }
    if (!normalised) {
      g.save(node, scanned);
      return node == null ? scanned : g.withSource(scanned, node);
    }
    try (Scope scope = Scope.of(g)) {
      g.save(node, scope.own(scanned));
      Tensor result = g.output("scan outputs", Category.ACTIVATIONS, scanned.elements, dtype, node);
      g.save(node, scope.own(activations(g, "norm statistics", size.tokens, DataType.FP32)));
      return result;
    }
  }

  private static void mamba2Backward(Graph g, Node n, Mamba2Size size) {
    DataType dtype = n.inputs[0].dtype;
    Tensor convolved = scratch(g, size.tokens * size.convolved, dtype);
    Tensor gradient = Pointwise.gradientLike(g, n.inputs[0]);
    try (Scope scope = Scope.of(g)) {
      scope.own(scratch(g, size.tokens * size.convolved, dtype));
      scope.ownIfAny(n.wants(0) ? null : gradient);
      scan(g, size, convolved);
      for (int i = 1; i < n.inputs.length; i++) {
        n.outgoing[i] = n.wants(i) ? Pointwise.gradientLike(g, n.inputs[i]) : null;
      }
      n.outgoing[0] = n.wants(0) ? gradient : null;
    }
  }

  /** What the scan's own backward kernels need; takes over {@code convolved}. */
  private static void scan(Graph g, Mamba2Size size, Tensor convolved) {
    Tensor gradient = scratch(g, size.tokens * size.inner, convolved.dtype);
    Tensor states = scratch(g, size.states, DataType.FP32);
    Tensor stateGradients = scratch(g, size.states, DataType.FP32);
    try (Scope scope = Scope.of(g)) {
      scope.own(scratch(g, size.scores, DataType.FP32));
      scope.own(scratch(g, size.scores, DataType.FP32));
      scope.own(states, stateGradients, gradient, convolved);
    }
  }

  /**
   * {@code causal_conv1d_fn}: keeps input and weights, and computes its activation again
   * (causal_conv1d_interface.py).
   */
  public static Tensor causalConvolution(Graph g, Tensor x, Tensor weight, @Nullable Tensor bias) {
    Node node = g.node(CONVOLUTION, Scans::gradients, x, weight, bias);
    g.save(node, x);
    g.save(node, weight);
    return g.output("convolved", x.storage.category(), x.elements, x.dtype, node);
  }

  /**
   * {@code selective_scan_fn} of Mamba 1 with a gate (mamba_ssm ops/selective_scan_interface.py):
   * keeps every input, the states between chunks of 2,048 tokens and the output before the gate.
   *
   * @param stateElements of the states between chunks
   */
  public static Tensor selective(Graph g, long stateElements, Tensor... inputs) {
    Node node = g.node(SELECTIVE, Scans::gradients, inputs);
    Tensor x = inputs[0];
    try (Scope scope = Scope.of(g)) {
      Tensor states = scope.own(activations(g, "scan states", stateElements, DataType.FP32));
      Tensor ungated = scope.own(activations(g, "scan outputs", x.elements, x.dtype));
      Tensor result = g.output("scan outputs", Category.ACTIVATIONS, x.elements, x.dtype, node);
      for (Tensor input : inputs) {
        if (input != null) {
          g.save(node, input);
        }
      }
      g.save(node, states);
      g.save(node, ungated);
      return result;
    }
  }

  private static void gradients(Graph g, Node n) {
    for (int i = 0; i < n.inputs.length; i++) {
      n.outgoing[i] = n.wants(i) ? Pointwise.gradientLike(g, n.inputs[i]) : null;
    }
  }

  private static Tensor activations(Graph g, String name, long elements, DataType dtype) {
    return g.allocate(name, Category.ACTIVATIONS, elements, dtype);
  }

  private static Tensor scratch(Graph g, long elements, DataType dtype) {
    return g.allocate(SCRATCH, Category.TEMPORARIES, elements, dtype);
  }
}
