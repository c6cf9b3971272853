package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Graph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Builds one rank's layers.
 *
 * @param imbalance copies of tokens at the fullest rank of experts over those at the mean one
 */
public record LayerLoader(
    Graph graph,
    ParameterBuffers buffers,
    Rows rows,
    Division division,
    Adapters adapters,
    double imbalance) {

  /** Equal layers, built once. */
  public record Stretch(List<TransformerLayer> layers, int times) {}

  public List<Stretch> load(List<LayerRun> runs) {
    List<Stretch> result = new ArrayList<>();
    for (LayerRun run : runs) {
      List<TransformerLayer> layers = new ArrayList<>();
      graph.repeat(run.times(), () -> run.period().forEach(layer -> layers.add(load(layer))));
      result.add(new Stretch(layers, run.times()));
    }
    return result;
  }

  private TransformerLayer load(DecoderLayer layer) {
    Norm first = layer.beforeMixer().orElseThrow();
    Norm second = layer.beforeMlp().orElseThrow();
    Part attention =
        layer.mixer() instanceof LatentAttention latent
            ? LatentAttentionPart.of(buffers, rows, division, latent, first)
            : SelfAttention.of(this, (Attention) layer.mixer(), first);
    Part mlp =
        layer.mlp() instanceof MixtureOfExperts mixture
            ? Mixture.of(this, mixture, second)
            : FusedMlp.of(this, layer.mlp(), second);
    return new TransformerLayer(attention, mlp);
  }

  Adapter columnAdapter(Collection<Linear> parts, Adapters.Shape shape) {
    return adapters.column(buffers, rows, division, parts, shape);
  }

  Adapter rowAdapter(Linear part, Adapters.Shape shape) {
    return adapters.row(buffers, rows, division, part, shape);
  }
}
