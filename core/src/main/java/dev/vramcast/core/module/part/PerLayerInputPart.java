package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.PerLayerInput;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.linear.Projection;

/**
 * The layer's part of the second embedding, gated by the hidden states (transformers
 * gemma4/modeling_gemma4.py Gemma4TextDecoderLayer). What it reads is a view that the model holds.
 */
public record PerLayerInputPart(Projection gate, Projection projection, Norms norm)
    implements LayerPart {

  public static PerLayerInputPart load(ModuleFactory modules, PerLayerInput model) {
    ParameterTensor norm = model.norm();
    return new PerLayerInputPart(
        modules.projection(model.gate()),
        modules.projection(model.projection()),
        modules.norm(new Norm(norm.module(), Norm.Type.RMS_BY_POWER, norm.count(), true, false)));
  }

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Tensor gated = gate.forward(g, x);
    Tensor activated = g.rebind(gated, Activations.apply(g, Activation.GELU_TANH, gated));
    Tensor input = Pointwise.detached(g, 0, activated.dtype(), "inputs of every layer");
    Tensor product = g.rebind(activated, input, Pointwise.mul(g, activated, input, "gated inputs"));
    try (Scope scope = Scope.of(g)) {
      Tensor projected = scope.own(g.rebind(product, projection.forward(g, product)));
      return norm.forward(g, projected);
    }
  }
}
