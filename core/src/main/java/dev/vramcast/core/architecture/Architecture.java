package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.LossTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The structure of a model: every module with its shapes, in the order of the forward pass.
 *
 * @param modelType {@code model_type} of the config, e.g. {@code llama}: a word for people, which
 *     decides nothing
 * @param traits what the model's code does
 * @param modelingFile where that code is
 * @param layerPath name of the list of layers, e.g. {@code model.layers}
 * @param finalNorm after the last layer
 * @param maxPositions longest sequence the model was made for, 0 when unlimited
 */
public record Architecture(
    String modelType,
    ModelTraits traits,
    ModelingFile modelingFile,
    long hiddenSize,
    long vocabularySize,
    String layerPath,
    Embeddings embeddings,
    List<LayerRun> layers,
    Optional<Norm> finalNorm,
    Head head,
    List<Tower> towers,
    long maxPositions,
    ModelExtras extras) {

  public Architecture {
    layers = List.copyOf(layers);
    towers = List.copyOf(towers);
  }

  public int layerCount() {
    int count = 0;
    for (LayerRun run : layers) {
      count += run.layerCount();
    }
    return count;
  }

  /** Whether a layer is such; repeated ones are looked at once. */
  public boolean hasLayer(Predicate<DecoderLayer> test) {
    return distinctLayers().anyMatch(test);
  }

  /** The layers in their order, repeated ones once. */
  public Stream<DecoderLayer> distinctLayers() {
    return layers.stream().flatMap(run -> run.period().stream());
  }

  /** Each kind of mixture that a layer has, once. */
  public List<MixtureOfExperts> mixtures() {
    return distinctLayers()
        .map(DecoderLayer::mlp)
        .filter(MixtureOfExperts.class::isInstance)
        .map(MixtureOfExperts.class::cast)
        .distinct()
        .toList();
  }

  /** What runs on images; empty where no tower's code is known. */
  public Optional<Encoder> encoder() {
    return encoder(false);
  }

  /** What runs on sound among texts; empty where no tower's code is known. */
  public Optional<Encoder> listener() {
    return encoder(true);
  }

  private Optional<Encoder> encoder(boolean ofSound) {
    for (Tower tower : towers) {
      if (tower.encoder().filter(each -> each.listens() == ofSound).isPresent()) {
        return tower.encoder();
      }
    }
    return Optional.empty();
  }

  /**
   * The layers that run: where there are images, those among them that look at these, whose
   * parameters are a tower that rests otherwise.
   */
  public Architecture running(boolean images) {
    Optional<Encoder.Crossing> crossing =
        encoder().filter(each -> images).flatMap(Encoder::crossing);
    return crossing
        .map(
            each ->
                toBuilder()
                    .layers(each.layers())
                    .towers(
                        towers.stream()
                            .filter(tower -> !each.parts().contains(tower.name()))
                            .toList())
                    .build())
        .orElse(this);
  }

  /** The model with towers of which these modules stay whole. */
  public Architecture inUnits(Tower.Units units) {
    return toBuilder().towers(towers.stream().map(tower -> tower.inUnits(units)).toList()).build();
  }

  /** The model that these releases of Transformers have. */
  public Architecture releasedIn(Versions releases) {
    return with(code -> code.releasedIn(releases));
  }

  /** The model whose code differs. */
  public Architecture with(UnaryOperator<ModelTraits> change) {
    return toBuilder().traits(change.apply(traits)).build();
  }

  /** The model whose list of layers names these classes, of which it has none. */
  public Architecture without(List<ModelTraits.Unfound> layers) {
    return with(code -> code.without(layers));
  }

  /** The model whose list of layers names none of them in these releases. */
  public Architecture unlisted(Versions releases) {
    return with(code -> code.unlisted(releases));
  }

  /** The model of which Liger replaces this. */
  public Architecture reachedBy(LigerTraits liger) {
    return with(code -> code.reachedBy(liger));
  }

  /** The model that these releases have with a head over classes of sequences, and of tokens. */
  public Architecture withClassHeads(Versions sequences, Versions tokens) {
    return with(code -> code.with(new ModelTraits.ClassHeads(sequences, tokens)));
  }

  /** The model whose code between head and loss differs. */
  public Architecture withLoss(UnaryOperator<LossTraits> change) {
    return with(code -> code.with(change.apply(code.loss())));
  }

  /** The model whose whole config says since when it caches, as {@link ModelTraits} has it. */
  public Architecture cachesBelow(Versions versions) {
    return with(code -> code.cachesBelow(versions));
  }

  /** A value model that began as this one: a number of each token in place of its words. */
  public Architecture scoring() {
    Linear score = new Linear("score", hiddenSize, 1, false);
    return toBuilder().head(Head.of(Head.Kind.SEQUENCE_CLASSIFICATION, List.of(score))).build();
  }

  /** Whether an encoder reads a text in each step, after which a decoder writes another. */
  public boolean readsText() {
    return encoder().filter(each -> each.stack().text().isPresent()).isPresent();
  }

  /**
   * Whether every sequence is written after sound or a text, which an encoder takes in each step.
   */
  public boolean hears() {
    return encoder().flatMap(Encoder::crossing).filter(Encoder.Crossing::always).isPresent();
  }

  /** Whether Transformers runs its layers again in the backward pass where that is asked for. */
  public boolean takesCheckpoints() {
    return extras.passes() == 1 && extras.distances().filter(DistanceTable::ofHeads).isEmpty();
  }

  /** A model without towers and extras and of unlimited length, save what is set. */
  public static ArchitectureBuilder builder() {
    return new ArchitectureBuilder();
  }

  /** This model, save what is set. */
  public ArchitectureBuilder toBuilder() {
    return new ArchitectureBuilder(this);
  }
}
