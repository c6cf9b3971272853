package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.trace.ModuleScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  private static final String DIRECTORY = "megatron/core/transformer/";

  /** Equal layers, built once. */
  public record RepeatedLayers(List<TransformerLayer> layers, int times) {}

  public List<RepeatedLayers> load(List<LayerRun> runs) {
    List<RepeatedLayers> result = new ArrayList<>();
    for (LayerRun run : runs) {
      List<TransformerLayer> layers = new ArrayList<>();
      String path = run.times() == 1 ? Integer.toString(result.size()) : "*";
      ModuleScope scope = layers(path);
      graph.repeat(
          run.times(),
          () ->
              run.period()
                  .forEach(layer -> layers.add(graph.site().within(scope, () -> load(layer)))));
      result.add(new RepeatedLayers(layers, run.times()));
    }
    return result;
  }

  private ModuleScope layers(String path) {
    return graph
        .site()
        .module()
        .library("decoder.layers." + path, DIRECTORY + "transformer_layer.py TransformerLayer");
  }

  private TransformerLayer load(DecoderLayer layer) {
    Norm first = layer.beforeMixer().orElseThrow();
    Norm second = layer.beforeMlp().orElseThrow();
    ModuleScope scope = graph.site().module();
    boolean latent = layer.mixer() instanceof LatentAttention;
    ModuleScope attentionScope =
        scope.library(
            "self_attention",
            DIRECTORY
                + (latent
                    ? "multi_latent_attention.py MLASelfAttention"
                    : "attention.py SelfAttention"));
    boolean routed = layer.mlp() instanceof MixtureOfExperts;
    ModuleScope mlpScope =
        scope.library("mlp", DIRECTORY + (routed ? "moe/moe_layer.py MoELayer" : "mlp.py MLP"));
    Part attention = graph.site().within(attentionScope, () -> attention(layer.mixer(), first));
    Part mlp = graph.site().within(mlpScope, () -> mlp(layer.mlp(), second));
    return new TransformerLayer(
        scope,
        new ScopedPart(attentionScope, attention),
        new ScopedPart(mlpScope, mlp),
        layer.residualDropout());
  }

  private Part attention(TokenMixer mixer, Norm norm) {
    return mixer instanceof LatentAttention latent
        ? LatentAttentionPart.of(buffers, rows, division, latent, norm)
        : SelfAttention.of(this, (Attention) mixer, norm);
  }

  private Part mlp(Mlp mlp, Norm norm) {
    return mlp instanceof MixtureOfExperts mixture
        ? Mixture.of(this, mixture, norm)
        : FusedMlp.of(this, mlp, norm);
  }

  @Nullable Adapter columnAdapter(Collection<Linear> parts, Adapters.Shape shape) {
    return adapters.column(buffers, rows, division, parts, shape);
  }

  /** The adapter of a product of a rank's experts, or null. */
  @Nullable Adapter expertAdapter(
      int experts, long tokens, Collection<Linear> parts, Adapters.Shape shape) {
    return adapters.experts(buffers, experts, tokens, parts, shape);
  }

  @Nullable Adapter rowAdapter(Linear part, Adapters.Shape shape) {
    return adapters.row(buffers, rows, division, part, shape);
  }
}
