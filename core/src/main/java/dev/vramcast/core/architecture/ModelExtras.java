package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.architecture.tensor.HyperConnection;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What a model has outside embeddings, layers, norm, head and towers.
 *
 * @param distances what attention of all layers reads of the distances of tokens
 * @param hyper what makes one stream of several behind the last layer
 * @param places tables beside those of tokens, positions and types whose rows are added too
 * @param hidesTokens masked tokens are zeros, and all are scaled by the share of the others (ESM)
 * @param unread projections that no part of a step runs
 * @param unreadNorms norms beside those
 * @param seesAll tokens of a sequence up to which layers are those that are described, 0 for no
 *     limit: of longer ones they look at some blocks alone (BigBird)
 * @param passes times that all layers run, one pass after the other, each by the same weights
 *     (transformers AlbertTransformer.forward); such code has no checkpoints
 */
public record ModelExtras(
    Optional<PerLayerInput.Table> perLayerInputs,
    Optional<AltUp.Ends> altUp,
    Optional<NarrowEmbeddings> narrow,
    Optional<DistanceTable> distances,
    Optional<HyperConnection> hyper,
    List<Places> places,
    boolean hidesTokens,
    List<Linear> unread,
    List<Norm> unreadNorms,
    long seesAll,
    int passes) {

  /**
   * A table of what a token's place on a page is (LayoutLM).
   *
   * @param times rows that each token takes of it
   */
  public record Places(Embedding table, int times) {

    ParameterTensor weight() {
      return Tensors.weight(table);
    }

    Places renamed(UnaryOperator<ParameterTensor> rename) {
      return new Places(table.named(rename.apply(weight()).module()), times);
    }
  }

  /**
   * The embedding is narrower than the layers.
   *
   * @param in widens what the first layer reads ({@code project_in} of OPT, {@code
   *     embeddings_project} of ELECTRA)
   * @param bias of {@code in}
   * @param out narrows what the head reads (OPT's {@code project_out})
   * @param ofSum tables are added and normalised before they are widened, and are as narrow
   */
  public record NarrowEmbeddings(
      ParameterTensor in,
      Optional<ParameterTensor> bias,
      Optional<ParameterTensor> out,
      boolean ofSum) {

    /** The projection from the embedding's width. */
    public Linear widening() {
      Linear bare = in.linear();
      return new Linear(bare.name(), bare.in(), bare.out(), bias.isPresent());
    }

    NarrowEmbeddings renamed(UnaryOperator<ParameterTensor> rename) {
      return new NarrowEmbeddings(rename.apply(in), bias.map(rename), out.map(rename), ofSum);
    }

    List<ParameterTensor> parameters() {
      return Stream.of(Optional.of(in), bias, out).flatMap(Optional::stream).toList();
    }
  }

  /** There is nothing. */
  public static final ModelExtras NONE = new Builder().build();

  public ModelExtras {
    places = List.copyOf(places);
    unread = List.copyOf(unread);
    unreadNorms = List.copyOf(unreadNorms);
  }

  /** What each layer reads of a token beside hidden states, and streams beside the first. */
  public static ModelExtras perLayer(
      Optional<PerLayerInput.Table> inputs, Optional<AltUp.Ends> streams) {
    return new Builder().perLayerInputs(inputs).altUp(streams).build();
  }

  /** Several streams that become one behind the last layer, alone. */
  public static ModelExtras hyper(HyperConnection end) {
    return new Builder().hyper(Optional.of(end)).build();
  }

  /** A table of distances alone. */
  public static ModelExtras distances(DistanceTable table) {
    return new Builder().distances(Optional.of(table)).build();
  }

  /** Narrow embeddings alone. */
  public static ModelExtras narrow(NarrowEmbeddings embeddings) {
    return new Builder().narrow(Optional.of(embeddings)).build();
  }

  /** Tables of places, with projections that no part runs. */
  public static ModelExtras places(List<Places> tables, List<Linear> unread) {
    return new Builder().places(tables).unread(unread).build();
  }

  /** Such projections, and masked tokens hidden or not. */
  public static ModelExtras hidingTokens(boolean hides, List<Linear> unread) {
    return new Builder().hidesTokens(hides).unread(unread).build();
  }

  /** Projections and norms that no part of a step runs, alone. */
  public static ModelExtras idle(List<Linear> linears, List<Norm> norms) {
    return new Builder().unread(linears).unreadNorms(norms).build();
  }

  /** The same, whose tokens look at all others in sequences of no more tokens. */
  public ModelExtras seeingAllUpTo(long tokens) {
    return new Builder(this).seesAll(tokens).build();
  }

  /** The same, whose layers run so many times. */
  public ModelExtras passing(int times) {
    return new Builder(this).passes(times).build();
  }

  /** All of them. */
  public List<ParameterTensor> parameters() {
    List<ParameterTensor> parameters = new ArrayList<>();
    perLayerInputs.ifPresent(part -> parameters.addAll(part.parameters()));
    altUp.ifPresent(part -> parameters.addAll(part.parameters()));
    narrow.ifPresent(part -> parameters.addAll(part.parameters()));
    distances.ifPresent(part -> parameters.addAll(part.parameters()));
    hyper.ifPresent(part -> parameters.addAll(part.parameters()));
    places.forEach(part -> parameters.add(part.weight()));
    Tensors.addLinears(parameters, unread, TensorGroup.HEAD);
    unreadNorms.forEach(norm -> Tensors.addNorm(parameters, Optional.of(norm)));
    return parameters;
  }

  /** The same with other names. */
  public ModelExtras renamed(UnaryOperator<ParameterTensor> rename) {
    return new Builder(this)
        .perLayerInputs(perLayerInputs.map(part -> part.renamed(rename)))
        .altUp(altUp.map(part -> part.renamed(rename)))
        .narrow(narrow.map(part -> part.renamed(rename)))
        .distances(distances.map(part -> part.renamed(rename)))
        .hyper(hyper.map(part -> part.renamed(rename)))
        .places(places.stream().map(part -> part.renamed(rename)).toList())
        .build();
  }

  public boolean isEmpty() {
    return equals(NONE);
  }

  /** Begins with nothing, or with all that a model has. */
  static final class Builder {

    private Optional<PerLayerInput.Table> perLayerInputs = Optional.empty();
    private Optional<AltUp.Ends> altUp = Optional.empty();
    private Optional<NarrowEmbeddings> narrow = Optional.empty();
    private Optional<DistanceTable> distances = Optional.empty();
    private Optional<HyperConnection> hyper = Optional.empty();
    private List<Places> places = List.of();
    private boolean hidesTokens;
    private List<Linear> unread = List.of();
    private List<Norm> unreadNorms = List.of();
    private long seesAll;
    private int passes = 1;

    private Builder() {}

    private Builder(ModelExtras given) {
      this.perLayerInputs = given.perLayerInputs;
      this.altUp = given.altUp;
      this.narrow = given.narrow;
      this.distances = given.distances;
      this.hyper = given.hyper;
      this.places = given.places;
      this.hidesTokens = given.hidesTokens;
      this.unread = given.unread;
      this.unreadNorms = given.unreadNorms;
      this.seesAll = given.seesAll;
      this.passes = given.passes;
    }

    Builder perLayerInputs(Optional<PerLayerInput.Table> value) {
      this.perLayerInputs = value;
      return this;
    }

    Builder altUp(Optional<AltUp.Ends> value) {
      this.altUp = value;
      return this;
    }

    Builder narrow(Optional<NarrowEmbeddings> value) {
      this.narrow = value;
      return this;
    }

    Builder distances(Optional<DistanceTable> value) {
      this.distances = value;
      return this;
    }

    Builder hyper(Optional<HyperConnection> value) {
      this.hyper = value;
      return this;
    }

    Builder places(List<Places> value) {
      this.places = value;
      return this;
    }

    Builder hidesTokens(boolean value) {
      this.hidesTokens = value;
      return this;
    }

    Builder unread(List<Linear> value) {
      this.unread = value;
      return this;
    }

    Builder unreadNorms(List<Norm> value) {
      this.unreadNorms = value;
      return this;
    }

    Builder seesAll(long value) {
      this.seesAll = value;
      return this;
    }

    Builder passes(int value) {
      this.passes = value;
      return this;
    }

    ModelExtras build() {
      return new ModelExtras(
          perLayerInputs,
          altUp,
          narrow,
          distances,
          hyper,
          places,
          hidesTokens,
          unread,
          unreadNorms,
          seesAll,
          passes);
    }
  }
}
