package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a model has outside embeddings, layers, norm, head and towers.
 *
 * @param distances what attention of all layers reads of the distances of tokens
 * @param others parameters that no part of a step runs
 */
public record ModelExtras(
    Optional<PerLayerInput.Table> perLayerInputs,
    Optional<AltUp.Ends> altUp,
    Optional<NarrowEmbeddings> narrow,
    Optional<DistanceTable> distances,
    List<ParameterTensor> others) {

  /**
   * Embedding and head are narrower than the layers between them (OPT's {@code project_in} and
   * {@code project_out}).
   */
  public record NarrowEmbeddings(ParameterTensor in, ParameterTensor out) {

    NarrowEmbeddings renamed(UnaryOperator<ParameterTensor> rename) {
      return new NarrowEmbeddings(rename.apply(in), rename.apply(out));
    }
  }

  public static final ModelExtras NONE = others(List.of());

  public ModelExtras {
    others = List.copyOf(others);
  }

  public static ModelExtras others(List<ParameterTensor> parameters) {
    return new ModelExtras(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), parameters);
  }

  /** A table of distances alone. */
  public static ModelExtras distances(DistanceTable table) {
    return new ModelExtras(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(table), List.of());
  }

  /** All of them. */
  public List<ParameterTensor> parameters() {
    List<ParameterTensor> parameters = new ArrayList<>();
    perLayerInputs.ifPresent(part -> parameters.addAll(part.parameters()));
    altUp.ifPresent(part -> parameters.addAll(part.parameters()));
    narrow.ifPresent(part -> parameters.addAll(List.of(part.in(), part.out())));
    distances.ifPresent(part -> parameters.addAll(part.parameters()));
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
        others.stream().map(rename).toList());
  }

  public boolean isEmpty() {
    return equals(NONE);
  }
}
