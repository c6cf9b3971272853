package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.PerLayerInput;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import org.jspecify.annotations.Nullable;

/**
 * A second embedding of the tokens, of which every layer reads a part (transformers
 * gemma3n/modeling_gemma3n.py and gemma4, get_per_layer_inputs and project_per_layer_inputs).
 *
 * @param spread the first layer reads streams that are made of the hidden states
 */
public record PerLayerEmbedding(
    Parameter table,
    Projection projection,
    Norms norm,
    long width,
    boolean spread,
    StepSettings settings) {

  private static final String NAME = "inputs of every layer";

  /** The module, or null for a model without one. */
  public static @Nullable PerLayerEmbedding load(
      ModuleFactory modules, Architecture architecture, StepSettings settings) {
    return architecture
        .extras()
        .perLayerInputs()
        .map(inputs -> load(modules, inputs, architecture, settings))
        .orElse(null);
  }

  private static PerLayerEmbedding load(
      ModuleFactory modules,
      PerLayerInput.Table inputs,
      Architecture architecture,
      StepSettings settings) {
    ParameterTensor table = inputs.table();
    long width = table.shape().get(1);
    Linear linear =
        new Linear(inputs.projection().module(), architecture.hiddenSize(), width, false);
    ParameterTensor norm = inputs.norm();
    return new PerLayerEmbedding(
        modules.embedding(new Embedding(table.name(), table.shape().get(0), width), 1, ""),
        modules.projection(linear),
        modules.finalNorm(
            new Norm(norm.module(), Norm.Type.RMS_BY_POWER, norm.count(), true, false)),
        width,
        architecture.extras().altUp().isPresent(),
        settings);
  }

  /** What the layers read; {@code hidden}, the token's embeddings, stays the caller's. */
  public Tensor inputs(Graph g, Tensor ids, Tensor hidden) {
    Tensor rows = Matrix.embedding(g, table.value(), ids, settings.tokens(), width);
    Tensor scaled = g.rebind(rows, Pointwise.scale(g, rows, NAME));
    Tensor projected = FusedOps.inPlace(g, projection.forward(g, hidden));
    Tensor normalised = g.rebind(projected, norm.forward(g, projected));
    Tensor sum = g.rebind(scaled, normalised, Pointwise.add(g, normalised, scaled, NAME));
    return g.rebind(sum, Pointwise.scale(g, sum, NAME));
  }

  /**
   * Whether hidden states are projected once images stand among them (transformers
   * gemma3n/modeling_gemma3n.py Gemma3nTextModel.forward, gemma4).
   */
  public boolean waits() {
    return settings.job().batch().hasImages();
  }

  /** The hidden states, which keep what the layers read alive; takes over both. */
  public static Tensor attach(Graph g, Tensor hidden, Tensor inputs) {
    return g.rebind(inputs, ShapeOps.attach(g, hidden, inputs));
  }
}
