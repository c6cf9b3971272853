package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.tensor.Norm;
import java.util.List;
import java.util.Optional;

/** A model made from another: what differs is set, the rest is as it was. */
public final class ArchitectureBuilder {

  private final Architecture given;
  private String modelType;
  private long vocabularySize;
  private String layerPath;
  private Embeddings embeddings;
  private List<LayerRun> layers;
  private Optional<Norm> finalNorm;
  private Head head;
  private List<Tower> towers;
  private ModelExtras extras;

  ArchitectureBuilder(Architecture given) {
    this.given = given;
    this.modelType = given.modelType();
    this.vocabularySize = given.vocabularySize();
    this.layerPath = given.layerPath();
    this.embeddings = given.embeddings();
    this.layers = given.layers();
    this.finalNorm = given.finalNorm();
    this.head = given.head();
    this.towers = given.towers();
    this.extras = given.extras();
  }

  public ArchitectureBuilder modelType(String type) {
    this.modelType = type;
    return this;
  }

  public ArchitectureBuilder vocabularySize(long size) {
    this.vocabularySize = size;
    return this;
  }

  public ArchitectureBuilder layerPath(String path) {
    this.layerPath = path;
    return this;
  }

  public ArchitectureBuilder embeddings(Embeddings changed) {
    this.embeddings = changed;
    return this;
  }

  public ArchitectureBuilder layers(List<LayerRun> changed) {
    this.layers = changed;
    return this;
  }

  public ArchitectureBuilder finalNorm(Optional<Norm> norm) {
    this.finalNorm = norm;
    return this;
  }

  public ArchitectureBuilder head(Head changed) {
    this.head = changed;
    return this;
  }

  public ArchitectureBuilder towers(List<Tower> added) {
    this.towers = added;
    return this;
  }

  public ArchitectureBuilder extras(ModelExtras changed) {
    this.extras = changed;
    return this;
  }

  public Architecture build() {
    return new Architecture(
        modelType,
        given.traits(),
        given.modelingFile(),
        given.hiddenSize(),
        vocabularySize,
        layerPath,
        embeddings,
        layers,
        finalNorm,
        head,
        towers,
        given.maxPositions(),
        extras);
  }
}
