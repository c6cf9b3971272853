package dev.vramcast.core.module.stream;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.PerLayerEmbedding;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is made of the rows of tokens before the first layer.
 *
 * @param perLayer null when layers read nothing but hidden states
 * @param streams null when layers pass on one stream of hidden states
 * @param words of encoders beside the model
 */
public record FirstInputs(
    @Nullable PerLayerEmbedding perLayer, @Nullable StreamStart streams, List<TowerWords> words) {

  /** Those of hidden states alone. */
  public static final FirstInputs NONE = new FirstInputs(null, null, List.of());

  public FirstInputs {
    words = List.copyOf(words);
  }

  /**
   * Puts their parameters onto the trace.
   *
   * @param streams null when layers pass on one stream
   */
  public static FirstInputs load(
      ModuleFactory modules,
      Architecture architecture,
      StepSettings settings,
      @Nullable StreamStart streams) {
    return new FirstInputs(
        PerLayerEmbedding.load(modules, architecture, settings),
        streams,
        TowerWords.load(modules, architecture, settings));
  }

  /** Whether tokens are the hidden states of the first layer. */
  public boolean areTokens() {
    return streams == null && words.isEmpty();
  }

  /** The projection of that path that an encoder has in common with its words, if any. */
  public Optional<Projection> shared(String path) {
    return words.stream()
        .filter(each -> each.words().linear().name().equals(path))
        .map(TowerWords::projection)
        .findFirst();
  }

  /** Words of encoders among the rows of tokens, which it takes over. */
  public Tensor withWords(Graph g, Tensor hidden) {
    Tensor all = hidden;
    for (TowerWords each : words) {
      all = each.among(g, all);
    }
    return all;
  }

  /** What every layer reads of these, which stay the caller's; null where it is made later. */
  public @Nullable Tensor inputs(Graph g, Tensor ids, Tensor hidden) {
    return perLayer == null || waits() ? null : perLayer.inputs(g, ids, hidden);
  }

  /**
   * What the first layer reads; takes over all.
   *
   * @param inputs of every layer; null where there are none yet
   */
  public Tensor first(Graph g, Tensor hidden, @Nullable Tensor inputs) {
    return waits() ? hidden : attached(g, hidden, inputs);
  }

  /** The same once images stand among the hidden states, where that was waited for. */
  public Tensor besideImages(Graph g, Tensor ids, Tensor hidden) {
    return perLayer != null && waits()
        ? attached(g, hidden, perLayer.inputs(g, ids, hidden))
        : hidden;
  }

  private boolean waits() {
    return perLayer != null && perLayer.waits();
  }

  private Tensor attached(Graph g, Tensor hidden, @Nullable Tensor inputs) {
    Tensor first = streams == null ? hidden : streams.spread(g, hidden);
    return inputs == null ? first : PerLayerEmbedding.attach(g, first, inputs);
  }
}
