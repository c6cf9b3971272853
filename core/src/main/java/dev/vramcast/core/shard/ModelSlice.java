package dev.vramcast.core.shard;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.Embeddings;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.job.Parallelism;
import java.util.ArrayList;
import java.util.List;

/**
 * The architecture as one rank sees it: its heads, its share of every MLP and of the vocabulary,
 * its experts.
 */
public final class ModelSlice {

  private ModelSlice() {}

  /**
   * The slice of a model, which is the model itself without tensor or expert parallelism.
   *
   * @param wholeEmbedding every rank has all words of an embedding that is not the head's table
   * @throws dev.vramcast.core.input.InputException where the degrees do not divide the model
   */
  public static Architecture of(Architecture whole, Parallelism degrees, boolean wholeEmbedding) {
    if (degrees.tensor() == 1 && degrees.expert() == 1) {
      return whole;
    }
    List<LayerRun> layers = new ArrayList<>();
    for (LayerRun run : whole.layers()) {
      List<DecoderLayer> period = new ArrayList<>();
      for (DecoderLayer layer : run.period()) {
        period.add(layer(layer, degrees));
      }
      layers.add(new LayerRun(period, run.times()));
    }
    boolean allWords = wholeEmbedding && !whole.head().tied();
    return whole.toBuilder()
        .vocabularySize(vocabulary(whole.vocabularySize(), degrees.tensor()))
        .embeddings(embeddings(whole.embeddings(), allWords ? 1 : degrees.tensor()))
        .layers(layers)
        .head(head(whole.head(), degrees.tensor()))
        .build();
  }

  private static DecoderLayer layer(DecoderLayer layer, Parallelism degrees) {
    return layer.toBuilder()
        .mixer(MixerSlice.of(layer.mixer(), degrees.tensor()))
        .mlp(MlpSlice.of(layer.mlp(), degrees))
        .build();
  }

  /** Rows that do not divide evenly are padded, as vocabularies are. */
  private static long vocabulary(long rows, int degrees) {
    return (rows + degrees - 1) / degrees;
  }

  private static Embeddings embeddings(Embeddings whole, int degrees) {
    Embedding token = whole.token();
    return new Embeddings(
        new Embedding(token.name(), vocabulary(token.rows(), degrees), token.width()),
        whole.position(),
        whole.constants(),
        whole.tokenType(),
        whole.norm(),
        whole.normsTokens(),
        whole.scaled(),
        whole.dropout());
  }

  private static Head head(Head whole, int degrees) {
    if (!whole.predictsWords() || whole.linears().isEmpty()) {
      return whole;
    }
    List<Linear> linears = new ArrayList<>(whole.linears());
    Linear last = linears.remove(linears.size() - 1);
    linears.add(new Linear(last.name(), last.in(), vocabulary(last.out(), degrees), last.bias()));
    return whole.of(linears, whole.transform().norm());
  }
}
