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

/**
 * {@code mamba_inner_fn} of mamba_ssm (ops/selective_scan_interface.py MambaInnerFn): convolution,
 * projections, scan and the output's projection as one function, which computes the convolution and
 * the time steps again in its backward pass.
 */
public final class InnerScan {

  private static final Operation INNER =
      Operation.of("MambaInnerFn", "mamba_ssm/ops/selective_scan_interface.py MambaInnerFn.forward")
          .backward(
              "MambaInnerFn backward",
              "mamba_ssm/ops/selective_scan_interface.py MambaInnerFn.backward");

  /** Tokens between the states that the kernel keeps. */
  private static final long CHUNK = 2048;

  private InnerScan() {}

  /**
   * Sizes of the function.
   *
   * @param rank of the time step's projection
   */
  public record Size(long batch, long sequence, long inner, long state, long rank, long hidden) {

    private long tokens() {
      return batch * sequence;
    }

    private long stream() {
      return tokens() * inner;
    }

    private long states() {
      return batch * inner * ((sequence + CHUNK - 1) / CHUNK) * 2 * state;
    }
  }

  /**
   * The mixer's output. Arguments stay the caller's.
   *
   * @param projected what the first projection gives, copied to lie by features
   * @param parameters trained or not, those in fp32 first; null entries stand for absent ones
   */
  public static Tensor run(
      Graph g, Tensor projected, Size size, boolean normalised, @Nullable Tensor... parameters) {
    @Nullable Tensor[] inputs = new @Nullable Tensor[parameters.length + 1];
    inputs[0] = projected;
    System.arraycopy(parameters, 0, inputs, 1, parameters.length);
    Node node = g.node(INNER, (graph, n) -> backward(graph, n, size, normalised), inputs);
    DataType dtype = projected.dtype;
    try (Scope scope = Scope.of(g)) {
      Tensor turned = scope.own(kept(g, "projections by feature", projected.elements, dtype));
      Tensor convolved = kept(g, "convolved", size.stream(), dtype);
      Tensor streams = scope.own(kept(g, "scan parameters", streams(size), dtype));
      Tensor steps = kept(g, "time steps", size.stream(), dtype);
      Tensor b = scope.own(kept(g, "scan parameters", size.tokens() * size.state, dtype));
      Tensor c = scope.own(kept(g, "scan parameters", size.tokens() * size.state, dtype));
      if (normalised) {
        steps = normalised(g, steps);
      }
      Tensor ungated = scope.own(kept(g, "scan outputs", size.stream(), dtype));
      Tensor states = scope.own(kept(g, "scan states", size.states(), DataType.FP32));
      Tensor gated = kept(g, "scan outputs", size.stream(), dtype);
      g.release(convolved, steps);
      for (Tensor each : new Tensor[] {turned, streams, b, c, ungated, states}) {
        g.save(node, each);
      }
      saveAll(g, node, parameters);
      scope.own(gated);
      return g.output(
          "mixer outputs", Category.ACTIVATIONS, size.tokens() * size.hidden, dtype, node);
    }
  }

  private static void saveAll(Graph g, @Nullable Node node, @Nullable Tensor... parameters) {
    for (Tensor parameter : parameters) {
      if (parameter != null) {
        g.save(node, parameter);
      }
    }
  }

  private static long streams(Size size) {
    return size.tokens() * (size.rank + 2 * size.state);
  }

  /** The time steps are copied by tokens, normalised and copied back; takes over the argument. */
  private static Tensor normalised(Graph g, Tensor steps) {
    Tensor byTokens = g.rebind(steps, kept(g, "time steps", steps.elements, steps.dtype));
    Tensor result = g.rebind(byTokens, kept(g, "time steps", steps.elements, steps.dtype));
    return g.rebind(result, kept(g, "time steps", steps.elements, steps.dtype));
  }

  private static void backward(Graph g, Node n, Size size, boolean normalised) {
    DataType dtype = n.inputs[0].dtype;
    try (Scope scope = Scope.of(g)) {
      scope.own(scratch(g, size.stream(), dtype));
      Tensor steps = scratch(g, size.stream(), dtype);
      scope.own(normalised ? normalised(g, steps) : steps);
      Tensor gradient = Pointwise.gradientLike(g, n.inputs[0]);
      scope.own(scratch(g, size.stream(), dtype));
      scope.own(scratch(g, size.stream(), dtype));
      scope.own(scratch(g, size.stream(), dtype));
      scope.own(scratch(g, size.stream(), dtype));
      scope.own(scratch(g, 2 * size.tokens() * size.state, DataType.FP32));
      scope.own(scratch(g, streams(size), dtype));
      scope.ownIfAny(n.wants(0) ? null : gradient);
      scope.ownIfAny(size.batch > 1 ? scratch(g, size.stream(), dtype) : null);
      // The function computes them all, also those of frozen weights.
      for (int i = 1; i < n.inputs.length; i++) {
        Tensor each = n.inputs[i] == null ? null : Pointwise.gradientLike(g, n.inputs[i]);
        scope.ownIfAny(n.wants(i) ? null : each);
        n.outgoing[i] = n.wants(i) ? each : null;
      }
      n.outgoing[0] = n.wants(0) ? gradient : null;
    }
  }

  private static Tensor kept(Graph g, String name, long elements, DataType dtype) {
    return g.allocate(name, Category.ACTIVATIONS, elements, dtype);
  }

  private static Tensor scratch(Graph g, long elements, DataType dtype) {
    return g.allocate("scan backward scratch", Category.TEMPORARIES, elements, dtype);
  }
}
