package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.option.layer.CheckpointPlacement;
import dev.vramcast.core.trace.ModuleScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds one rank's layers.
 *
 * @param imbalance copies of tokens at the fullest rank of experts over those at the mean one
 * @param code what the framework's code does beside the settings
 * @param linears in how many bits products compute
 */
public record LayerLoader(
    Graph graph,
    ParameterBuffers buffers,
    Rows rows,
    Division division,
    Adapters adapters,
    double imbalance,
    FrameworkCode code,
    NarrowLinears linears) {

  private static final String DIRECTORY = "megatron/core/transformer/";

  /**
   * Equal layers, built once.
   *
   * @param together so many run again at once, where layers do; 0 where none of these does
   */
  public record RepeatedLayers(List<TransformerLayer> layers, int times, int together) {

    /** So many of them. */
    public RepeatedLayers of(int count) {
      return new RepeatedLayers(layers, count, together);
    }
  }

  /** All layers of a stage, some of which have checkpoints where the job asks for any. */
  public List<RepeatedLayers> load(List<LayerRun> runs, CheckpointPlacement checkpointed) {
    int count = runs.stream().mapToInt(LayerRun::layerCount).sum();
    int first = Math.min(count, checkpointed.first().orElse(count));
    int many = checkpointed.together();
    List<LayerRun> again = LayerRun.inMultiples(LayerRun.part(runs, 0, first), many);
    List<RepeatedLayers> result = new ArrayList<>(load(again, many, 0));
    result.addAll(load(LayerRun.part(runs, first, count - first), 0, result.size()));
    return result;
  }

  private List<RepeatedLayers> load(List<LayerRun> runs, int together, int before) {
    List<RepeatedLayers> result = new ArrayList<>();
    for (LayerRun run : runs) {
      List<TransformerLayer> layers = new ArrayList<>();
      String path = run.times() == 1 ? Integer.toString(before + result.size()) : "*";
      ModuleScope scope = layers(path);
      graph.repeat(
          run.times(),
          () ->
              run.period()
                  .forEach(layer -> layers.add(graph.site().within(scope, () -> load(layer)))));
      result.add(new RepeatedLayers(layers, run.times(), together));
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
    ModuleScope attentionScope = scope.library("self_attention", file(layer.mixer()));
    boolean routed = layer.mlp() instanceof MixtureOfExperts;
    ModuleScope mlpScope =
        scope.library("mlp", DIRECTORY + (routed ? "moe/moe_layer.py MoELayer" : "mlp.py MLP"));
    Part attention = graph.site().within(attentionScope, () -> attention(layer.mixer(), first));
    Part mlp = graph.site().within(mlpScope, () -> mlp(layer.mlp(), second));
    return new TransformerLayer(
        scope,
        new ScopedPart(attentionScope, attention),
        new ScopedPart(mlpScope, mlp),
        layer.dropout().mlp().orElse(0));
  }

  private static String file(TokenMixer mixer) {
    if (mixer instanceof RecurrentMixer) {
      return "megatron/core/ssm/gated_delta_net/gdn.py GatedDeltaNet";
    }
    return DIRECTORY
        + (mixer instanceof LatentAttention
            ? "multi_latent_attention.py MLASelfAttention"
            : "attention.py SelfAttention");
  }

  private Part attention(TokenMixer mixer, Norm norm) {
    if (mixer instanceof RecurrentMixer recurrent) {
      return GatedDelta.of(this, recurrent, norm);
    }
    return mixer instanceof LatentAttention latent
        ? LatentAttentionPart.of(buffers, rows, division, latent, norm)
        : SelfAttention.of(this, (Attention) mixer, norm);
  }

  /** The same for a part that is given the tokens of all ranks. */
  LayerLoader withWholeRows() {
    Rows whole = new Rows(rows.batch(), rows.sequence(), rows.all());
    return new LayerLoader(
        graph, buffers, whole, division.withWholeTokens(), adapters, imbalance, code, linears);
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
