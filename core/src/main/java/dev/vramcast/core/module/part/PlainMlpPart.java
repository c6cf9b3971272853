package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;

/** {@code down(act(up(x)))}. */
public record PlainMlpPart(
    StepSettings settings, Projection up, Projection down, Activation activation)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Tensor inner = up.forward(g, x);
    Tensor activated = g.rebind(inner, Activations.apply(g, settings.kernelFor(activation), inner));
    return g.rebind(activated, down.forward(g, activated));
  }
}
