package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.architecture.stream.HyperConnection;
import dev.vramcast.core.architecture.tensor.Linear;
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
 * @param others parameters that no part of a step runs
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
    List<ParameterTensor> others,
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

  public static final ModelExtras NONE = others(List.of());

  public ModelExtras {
    places = List.copyOf(places);
    unread = List.copyOf(unread);
    others = List.copyOf(others);
  }

  public ModelExtras(
      Optional<PerLayerInput.Table> perLayerInputs,
      Optional<AltUp.Ends> altUp,
      Optional<NarrowEmbeddings> narrow,
      Optional<DistanceTable> distances,
      List<ParameterTensor> others) {
    this(
        perLayerInputs,
        altUp,
        narrow,
        distances,
        Optional.empty(),
        List.of(),
        false,
        List.of(),
        others,
        1);
  }

  public static ModelExtras others(List<ParameterTensor> parameters) {
    return new ModelExtras(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), parameters);
  }

  /** Several streams that become one behind the last layer, alone. */
  public static ModelExtras hyper(HyperConnection end) {
    return new ModelExtras(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(end),
        List.of(),
        false,
        List.of(),
        List.of(),
        1);
  }

  /** A table of distances alone. */
  public static ModelExtras distances(DistanceTable table) {
    return new ModelExtras(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(table), List.of());
  }

  /** Narrow embeddings alone. */
  public static ModelExtras narrow(NarrowEmbeddings embeddings) {
    return new ModelExtras(
        Optional.empty(), Optional.empty(), Optional.of(embeddings), Optional.empty(), List.of());
  }

  /** Tables of places, with projections that no part runs. */
  public static ModelExtras places(List<Places> tables, List<Linear> unread) {
    return reading(tables, false, unread);
  }

  /** Such projections, and masked tokens hidden or not. */
  public static ModelExtras hidingTokens(boolean hides, List<Linear> unread) {
    return reading(List.of(), hides, unread);
  }

  private static ModelExtras reading(List<Places> tables, boolean hides, List<Linear> unread) {
    return new ModelExtras(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        tables,
        hides,
        unread,
        List.of(),
        1);
  }

  /** The same, whose layers run so many times. */
  public ModelExtras passing(int times) {
    return new ModelExtras(
        perLayerInputs,
        altUp,
        narrow,
        distances,
        hyper,
        places,
        hidesTokens,
        unread,
        others,
        times);
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
    parameters.addAll(others);
    return parameters;
  }

  /** The same with other names. */
  public ModelExtras renamed(UnaryOperator<ParameterTensor> rename) {
    return new ModelExtras(
        perLayerInputs.map(part -> part.renamed(rename)),
        altUp.map(part -> part.renamed(rename)),
        narrow.map(part -> part.renamed(rename)),
        distances.map(part -> part.renamed(rename)),
        hyper.map(part -> part.renamed(rename)),
        places.stream().map(part -> part.renamed(rename)).toList(),
        hidesTokens,
        unread,
        others.stream().map(rename).toList(),
        passes);
  }

  public boolean isEmpty() {
    return equals(NONE);
  }
}
