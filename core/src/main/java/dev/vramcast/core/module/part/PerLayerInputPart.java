package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.linear.Projection;

/**
 * The layer's part of the second embedding, gated by the hidden states (transformers
 * gemma4/modeling_gemma4.py Gemma4TextDecoderLayer). What it reads is a view that the model holds.
 */
public record PerLayerInputPart(Projection gate, Projection projection, Norms norm)
    implements LayerPart {

  private static final String GATE = "per_layer_input_gate";
  private static final String PROJECTION = "per_layer_projection";
  private static final String NORM = "post_per_layer_input_norm.weight";

  /** Whether this part is made of a projection. */
  public static boolean owns(Linear linear) {
    return linear.lastName().equals(GATE) || linear.lastName().equals(PROJECTION);
  }

  public static boolean owns(ParameterTensor tensor) {
    return tensor.name().endsWith(NORM);
  }

  /** The part, or null for a layer without one. */
  public static PerLayerInputPart load(ModuleFactory modules, DecoderLayer layer) {
    Projection gate = null;
    Projection projection = null;
    long hidden = 0;
    for (Linear linear : layer.extraLinears()) {
      if (linear.lastName().equals(GATE)) {
        gate = modules.projection(linear);
        hidden = linear.in();
      } else if (linear.lastName().equals(PROJECTION)) {
        projection = modules.projection(linear);
      }
    }
    if (gate == null || projection == null) {
      return null;
    }
    Norm norm = new Norm(NORM, Norm.Type.RMS_WEIGHT_IN_FP32, hidden, true, false);
    return new PerLayerInputPart(gate, projection, modules.norm(norm));
  }

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Tensor gated = gate.forward(g, x);
    Tensor activated = Activations.apply(g, Activation.GELU_TANH, gated);
    g.release(gated);
    Tensor input = Pointwise.detached(g, 0, activated.dtype(), "inputs of every layer");
    Tensor product = Pointwise.mul(g, activated, input, "gated inputs");
    g.release(activated, input);
    Tensor projected = projection.forward(g, product);
    g.release(product);
    Tensor result = norm.forward(g, projected);
    g.release(projected);
    return result;
  }
}
