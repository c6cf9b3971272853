package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Xielu;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import java.util.List;

/**
 * {@code down(act(up(x)))}.
 *
 * @param scales the activation's own parameters; two for xIELU, none for others
 */
public record PlainMlpPart(
    StepSettings settings, Projection up, Projection down, PlainMlp mlp, List<Parameter> scales)
    implements LayerPart {

  public PlainMlpPart {
    scales = List.copyOf(scales);
  }

  /**
   * transformers OPTDecoderLayer and XGLMDecoderLayer: {@code fc1} belongs to the layer.
   * XLMRobertaXLLayer.feed_forward_chunk: one name for what the intermediate module takes and
   * gives.
   */
  @Override
  public boolean takesOver() {
    return mlp.belongsToLayer() || settings.code().held().contains(HeldOutput.ACTIVATION_INSTEAD);
  }

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    try (Scope own = Scope.of(g)) {
      return forward(g, x, shared, own);
    }
  }

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared, Scope layer) {
    Tensor inner = up.forward(g, x);
    Tensor activated = g.rebind(inner, activated(g, inner));
    if (takesOver()) {
      g.release(x);
    }
    activated =
        Activations.dropped(g, activated, mlp.inner(), down, settings.code().callsDropout());
    Tensor output =
        namesActivation()
            ? down.forward(g, layer.own(activated))
            : g.rebind(activated, down.forward(g, activated));
    return mlp.dropout() == 0
        ? output
        : g.rebind(output, Pointwise.dropout(g, output, mlp.dropout(), "outputs after dropout"));
  }

  private boolean namesActivation() {
    return settings.code().held().contains(HeldOutput.ACTIVATION)
        || settings.code().held().contains(HeldOutput.ACTIVATION_INSTEAD);
  }

  private Tensor activated(Graph g, Tensor inner) {
    return scales.isEmpty()
        ? Activations.apply(g, settings.kernelFor(mlp.activation()), inner)
        : Xielu.apply(g, inner, scales.get(0).value(), scales.get(1).value());
  }
}
