package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model made of its parts, or from another, of which the rest is as it was. */
public final class ArchitectureBuilder {

  private @Nullable String modelType;
  private @Nullable ModelTraits traits;
  private @Nullable ModelingFile modelingFile;
  private @Nullable Long hiddenSize;
  private @Nullable Long vocabularySize;
  private @Nullable String layerPath;
  private @Nullable Embeddings embeddings;
  private @Nullable List<LayerRun> layers;
  private Optional<Norm> finalNorm = Optional.empty();
  private @Nullable Head head;
  private List<Tower> towers = List.of();
  private long maxPositions;
  private ModelExtras extras = ModelExtras.NONE;

  ArchitectureBuilder() {}

  ArchitectureBuilder(Architecture given) {
    this.modelType = given.modelType();
    this.traits = given.traits();
    this.modelingFile = given.modelingFile();
    this.hiddenSize = given.hiddenSize();
    this.vocabularySize = given.vocabularySize();
    this.layerPath = given.layerPath();
    this.embeddings = given.embeddings();
    this.layers = given.layers();
    this.finalNorm = given.finalNorm();
    this.head = given.head();
    this.towers = given.towers();
    this.maxPositions = given.maxPositions();
    this.extras = given.extras();
  }

  public ArchitectureBuilder modelType(String value) {
    this.modelType = value;
    return this;
  }

  public ArchitectureBuilder traits(ModelTraits value) {
    this.traits = value;
    return this;
  }

  public ArchitectureBuilder modelingFile(ModelingFile value) {
    this.modelingFile = value;
    return this;
  }

  public ArchitectureBuilder hiddenSize(long value) {
    this.hiddenSize = value;
    return this;
  }

  public ArchitectureBuilder vocabularySize(long value) {
    this.vocabularySize = value;
    return this;
  }

  public ArchitectureBuilder layerPath(String value) {
    this.layerPath = value;
    return this;
  }

  public ArchitectureBuilder embeddings(Embeddings value) {
    this.embeddings = value;
    return this;
  }

  public ArchitectureBuilder layers(List<LayerRun> value) {
    this.layers = value;
    return this;
  }

  public ArchitectureBuilder finalNorm(Optional<Norm> value) {
    this.finalNorm = value;
    return this;
  }

  public ArchitectureBuilder head(Head value) {
    this.head = value;
    return this;
  }

  public ArchitectureBuilder towers(List<Tower> value) {
    this.towers = value;
    return this;
  }

  public ArchitectureBuilder maxPositions(long value) {
    this.maxPositions = value;
    return this;
  }

  public ArchitectureBuilder extras(ModelExtras value) {
    this.extras = value;
    return this;
  }

  /**
   * The value of all parts.
   *
   * @throws NullPointerException naming a part that has no default and is not set
   */
  public Architecture build() {
    return new Architecture(
        Objects.requireNonNull(modelType, "modelType"),
        Objects.requireNonNull(traits, "traits"),
        Objects.requireNonNull(modelingFile, "modelingFile"),
        Objects.requireNonNull(hiddenSize, "hiddenSize"),
        Objects.requireNonNull(vocabularySize, "vocabularySize"),
        Objects.requireNonNull(layerPath, "layerPath"),
        Objects.requireNonNull(embeddings, "embeddings"),
        Objects.requireNonNull(layers, "layers"),
        finalNorm,
        Objects.requireNonNull(head, "head"),
        towers,
        maxPositions,
        extras);
  }
}
