package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.Embeddings;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelExtras;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A decoder with Llama's module names and norms; each family changes what differs. */
public final class DecoderBuilder {

  private final ModelConfig config;
  private final Shape shape;
  private final HeadBuilder head;

  private String embedding = "model.embed_tokens";
  private String layerPath = "model.layers";
  private String finalNorm = "model.norm";
  private long embeddingRows;
  private long embeddingWidth;
  private Optional<Embedding> positions = Optional.empty();
  private Optional<Embeddings.Constants> constants = Optional.empty();
  private Optional<Embedding> tokenTypes = Optional.empty();
  private Optional<String> embeddingNorm = Optional.empty();
  private boolean normsTokens;
  private boolean scaledEmbedding;
  private OptionalDouble embeddingDropout = OptionalDouble.empty();

  private final Map<String, Optional<Norm>> norms = new HashMap<>();
  private final List<DecoderLayer> distinctLayers = new ArrayList<>();
  private Norm.Type normType = Norm.Type.RMS;
  private boolean normWeight = true;
  private boolean normBias;
  private IntFunction<String> beforeMixer = layer -> "input_layernorm";
  private IntFunction<String> afterMixer = layer -> "";
  private IntFunction<String> beforeMlp = layer -> "post_attention_layernorm";
  private IntFunction<String> afterMlp = layer -> "";

  /** These two are null until a family sets them, which every family does. */
  private @Nullable IntFunction<? extends TokenMixer> mixer;

  private @Nullable IntFunction<? extends Mlp> mlp;

  private Wiring wiring = Wiring.SEQUENTIAL;
  private DecoderLayer.Dropout dropout = DecoderLayer.Dropout.NONE;
  private boolean scaledResidual;
  private IntFunction<LayerExtras> layerExtras = layer -> LayerExtras.NONE;
  private ModelExtras extras = ModelExtras.NONE;
  private ModelTraits traits = ModelTraits.LLAMA;

  public DecoderBuilder(ModelConfig config, Shape shape) {
    this.config = config;
    this.shape = shape;
    this.head = new HeadBuilder(config, shape);
    this.embeddingRows = shape.vocabulary();
    this.embeddingWidth = shape.hidden();
  }

  /** Paths of the token embedding, the list of layers, the final norm and the head. */
  public DecoderBuilder paths(String embedding, String layers, String finalNorm, String headName) {
    this.embedding = embedding;
    this.layerPath = layers;
    this.finalNorm = finalNorm;
    head.name(headName);
    return this;
  }

  public DecoderBuilder positions(String name, long rows) {
    return positions(new Embedding(name, rows, shape.hidden()));
  }

  public DecoderBuilder positions(Embedding table) {
    this.positions = Optional.of(table);
    return this;
  }

  /** A table of constants is added to the token embedding. */
  public DecoderBuilder constantPositions(long rows, boolean ofEach) {
    this.constants = Optional.of(new Embeddings.Constants(rows, ofEach));
    return this;
  }

  /** Types of tokens, added as wide as these are looked up. */
  public DecoderBuilder tokenTypes(String name, long rows) {
    this.tokenTypes = Optional.of(new Embedding(name, rows, embeddingWidth));
    return this;
  }

  /** Rows of the token embedding where they are not the vocabulary. */
  public DecoderBuilder embeddingRows(long rows) {
    this.embeddingRows = rows;
    return this;
  }

  /** Width of the token embedding and of the head's input where it is not the hidden size. */
  public DecoderBuilder embeddingWidth(long width) {
    this.embeddingWidth = width;
    head.width(width);
    return this;
  }

  public DecoderBuilder embeddingNorm(String name) {
    this.embeddingNorm = Optional.of(name);
    if (embeddingWidth != shape.hidden()) {
      norms.put(name, Optional.of(new Norm(name, normType, embeddingWidth, normWeight, normBias)));
    }
    return this;
  }

  /** The token embedding itself normalises without a weight. */
  public DecoderBuilder normedTokens(Norm.Type type, String name) {
    this.normsTokens = true;
    Norm norm = new Norm(name, type, shape.hidden(), false, false);
    norms.put(name, Optional.of(norm));
    return embeddingNorm(name);
  }

  /** The norm behind the layers is of another type than theirs. */
  public DecoderBuilder finalNorm(Norm.Type type) {
    norms.put(finalNorm, Optional.of(new Norm(finalNorm, type, shape.hidden(), true, false)));
    return this;
  }

  public DecoderBuilder scaledEmbedding() {
    this.scaledEmbedding = true;
    return this;
  }

  /** No code drops anything of what is embedded. */
  public DecoderBuilder keepsEmbeddings() {
    this.embeddingDropout = OptionalDouble.empty();
    return this;
  }

  public DecoderBuilder embeddingDropout(double probability) {
    this.embeddingDropout = OptionalDouble.of(probability);
    return this;
  }

  public DecoderBuilder norm(Norm.Type type) {
    this.normType = type;
    return this;
  }

  /** Norms without parameters. */
  public DecoderBuilder weightlessNorm(Norm.Type type) {
    this.normType = type;
    this.normWeight = false;
    return this;
  }

  public DecoderBuilder layerNorm(boolean weight, boolean bias) {
    this.normType = Norm.Type.LAYER;
    this.normWeight = weight;
    this.normBias = bias;
    return this;
  }

  /** Names of the norms before mixer and MLP, empty for none. */
  public DecoderBuilder preNorms(String mixer, String mlp) {
    return preNorms(layer -> mixer, layer -> mlp);
  }

  /** Names of the norms before mixer and MLP of each layer, empty for none. */
  public DecoderBuilder preNorms(IntFunction<String> mixer, IntFunction<String> mlp) {
    this.beforeMixer = mixer;
    this.beforeMlp = mlp;
    return this;
  }

  /** Names of the norms after mixer and MLP, empty for none. */
  public DecoderBuilder postNorms(String mixer, String mlp) {
    return postNorms(layer -> mixer, layer -> mlp);
  }

  /** Names of the norms after mixer and MLP of each layer, empty for none. */
  public DecoderBuilder postNorms(IntFunction<String> mixer, IntFunction<String> mlp) {
    this.afterMixer = mixer;
    this.afterMlp = mlp;
    return this;
  }

  /** The same mixer in every layer. */
  public DecoderBuilder mixer(Supplier<? extends TokenMixer> mixer) {
    return mixer(once(mixer));
  }

  public DecoderBuilder mixer(IntFunction<? extends TokenMixer> mixer) {
    this.mixer = mixer;
    return this;
  }

  /** The same MLP in every layer. */
  public DecoderBuilder mlp(Supplier<? extends Mlp> mlp) {
    return mlp(once(mlp));
  }

  public DecoderBuilder mlp(IntFunction<? extends Mlp> mlp) {
    this.mlp = mlp;
    return this;
  }

  public DecoderBuilder wiring(Wiring wiring) {
    this.wiring = wiring;
    return this;
  }

  public DecoderBuilder residualDropout(double probability) {
    return dropout(DecoderLayer.Dropout.ofBoth(probability));
  }

  public DecoderBuilder dropout(DecoderLayer.Dropout residual) {
    this.dropout = residual;
    return this;
  }

  public DecoderBuilder scaledResidual() {
    this.scaledResidual = true;
    return this;
  }

  /** What layers have beside norms, mixer and MLP. */
  public DecoderBuilder layerExtras(IntFunction<LayerExtras> extras) {
    this.layerExtras = extras;
    return this;
  }

  /** What the model has outside embeddings, layers, norm and head. */
  public DecoderBuilder extras(ModelExtras extras) {
    this.extras = extras;
    return this;
  }

  /** What the model's code does where it is not written as Llama's. */
  public DecoderBuilder traits(ModelTraits traits) {
    this.traits = traits;
    return this;
  }

  /** Changes the head. */
  public DecoderBuilder head(Consumer<HeadBuilder> change) {
    change.accept(head);
    return this;
  }

  public Architecture build() {
    List<DecoderLayer> layers = IntStream.range(0, shape.layers()).mapToObj(this::layer).toList();
    String modelType = config.text("model_type", "");
    return Architecture.builder()
        .modelType(modelType)
        .traits(traits)
        .modelingFile(ModelingFile.of(modelType, traits.source().classes()))
        .hiddenSize(shape.hidden())
        .vocabularySize(shape.vocabulary())
        .layerPath(layerPath)
        .embeddings(
            new Embeddings(
                new Embedding(embedding, embeddingRows, embeddingWidth),
                positions,
                constants,
                tokenTypes,
                embeddingNorm.flatMap(this::norm),
                normsTokens,
                scaledEmbedding,
                embeddingDropout))
        .layers(LayerRuns.compress(layers))
        .finalNorm(norm(finalNorm))
        .head(head.build())
        .maxPositions(shape.maxPositions())
        .extras(extras)
        .build();
  }

  private DecoderLayer layer(int index) {
    DecoderLayer layer =
        DecoderLayer.builder()
            .wiring(wiring)
            .mixer(Objects.requireNonNull(mixer).apply(index))
            .mlp(Objects.requireNonNull(mlp).apply(index))
            .beforeMixer(norm(beforeMixer.apply(index)))
            .afterMixer(norm(afterMixer.apply(index)))
            .beforeMlp(norm(beforeMlp.apply(index)))
            .afterMlp(norm(afterMlp.apply(index)))
            .dropout(dropout)
            .scaledResidual(scaledResidual)
            .extras(layerExtras.apply(index))
            .build();
    for (DecoderLayer made : distinctLayers) {
      if (hasPartsOf(made, layer)) {
        return made;
      }
    }
    distinctLayers.add(layer);
    return layer;
  }

  /** Whether what depends on the index is the same object in both, or compares at once. */
  private static boolean hasPartsOf(DecoderLayer a, DecoderLayer b) {
    return a.mixer() == b.mixer()
        && a.mlp() == b.mlp()
        && a.beforeMixer().equals(b.beforeMixer())
        && a.beforeMlp().equals(b.beforeMlp())
        && a.afterMixer().equals(b.afterMixer())
        && a.afterMlp().equals(b.afterMlp())
        && Objects.equals(a.extras(), b.extras());
  }

  private Optional<Norm> norm(String name) {
    return name.isEmpty()
        ? Optional.empty()
        : norms.computeIfAbsent(
            name,
            unused -> Optional.of(new Norm(name, normType, shape.hidden(), normWeight, normBias)));
  }

  /** Makes a value when it is first asked for. */
  private static <T> IntFunction<T> once(Supplier<? extends T> supplier) {
    List<T> made = new ArrayList<>(1);
    return layer -> {
      if (made.isEmpty()) {
        made.add(supplier.get());
      }
      return made.get(0);
    };
  }
}
