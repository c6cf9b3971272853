package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.trace.ModuleScope;

/**
 * megatron/core/transformer/transformer_layer.py.
 *
 * @param dropout probability on what is added to the residual stream ({@code hidden_dropout})
 */
public record TransformerLayer(ModuleScope scope, Part attention, Part mlp, double dropout) {

  /** Runs the layer; takes over {@code hidden}. */
  public Tensor forward(Graph g, Tensor hidden) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(run(g, hidden));
    }
  }

  private Tensor run(Graph g, Tensor hidden) {
    Tensor middle = add(g, hidden, attention.forward(g, hidden));
    return add(g, middle, mlp.forward(g, middle));
  }

  /** {@code bias_dropout_add}. Takes over both arguments. */
  private Tensor add(Graph g, Tensor residual, Tensor branch) {
    return g.rebind(residual, branch, FusedLayers.dropoutAdd(g, residual, branch, dropout));
  }
}
