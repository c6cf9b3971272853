package dev.vramcast.core.memory.step;

import dev.vramcast.core.architecture.Activation;
import dev.vramcast.core.memory.autograd.Graph;
import dev.vramcast.core.memory.autograd.Tensor;

/** {@code down(act(up(x)))}. */
record PlainMlpPart(StepSettings settings, Projection up, Projection down, Activation activation)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Tensor inner = up.forward(g, x);
    Tensor activated = Activations.apply(g, settings.kernelFor(activation), inner);
    g.release(inner);
    Tensor result = down.forward(g, activated);
    g.release(activated);
    return result;
  }
}
