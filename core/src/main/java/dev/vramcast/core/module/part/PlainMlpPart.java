package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Chain;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;

/** {@code down(act(up(x)))}. */
public record PlainMlpPart(
    StepSettings settings, Projection up, Projection down, Activation activation)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    return Chain.of(g, up.forward(g, x))
        .then(inner -> Activations.apply(g, settings.kernelFor(activation), inner))
        .then(activated -> down.forward(g, activated))
        .result();
  }
}
