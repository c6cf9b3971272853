package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/** Functions of gates that Megatron-Core compiles into one kernel each ({@code jit_fuser}). */
final class GatedOps {

  private static final Operation GATE =
      function("_apply_output_gate", "megatron/core/transformer/attention.py _apply_output_gate");

  private static final Operation RATE =
      function("_compute_gates", "megatron/core/ssm/gated_delta_net/gdn.py _compute_gates");

  private static Operation function(String name, String source) {
    return Operation.of(name, source).backward(name + " backward", source);
  }

  private GatedOps() {}

  /** {@code x} times a function of the gate: saves both. */
  static Tensor gate(Graph g, Tensor x, Tensor gate) {
    Node node =
        g.node(
            GATE,
            (graph, n) -> {
              n.outgoing[0] = n.wants(0) ? Pointwise.gradientLike(graph, n.inputs[0]) : null;
              n.outgoing[1] = n.wants(1) ? Pointwise.gradientLike(graph, n.inputs[1]) : null;
            },
            x,
            gate);
    g.save(node, x);
    g.save(node, gate);
    return g.output("gated outputs", Category.ACTIVATIONS, x.elements(), x.dtype(), node);
  }

  /** A number a head from a projection: saves its input. */
  static Tensor rate(Graph g, Tensor x, DataType dtype) {
    Node node = g.node(RATE, Pointwise.LIKE_INPUT, x);
    g.save(node, x);
    return g.output("delta rule gates", Category.ACTIVATIONS, x.elements(), dtype, node);
  }
}
