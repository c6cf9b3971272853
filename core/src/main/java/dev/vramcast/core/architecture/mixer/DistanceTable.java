package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a model knows of the distances of tokens before its first layer.
 *
 * @param table a row for each distance, or for a range of them
 * @param norm of the rows, once for all layers, which project them as they do tokens (transformers
 *     DebertaV2Encoder.get_rel_embedding); such code multiplies padding out of embeddings, whose
 *     module makes zeros in the place of absolute positions, and keeps what each layer gives until
 *     the model returns. Empty where a row has a number for each head, which is added to scores
 *     (MPNetEncoder.compute_position_bias); such code has no checkpoints.
 */
public record DistanceTable(ParameterTensor table, Optional<Norm> norm) {

  /**
   * What attention does with rows.
   *
   * @param rows that are read
   * @param dropout probability on the rows, in each layer
   */
  public record Reading(long rows, double dropout) {}

  /** Rows have a number for each head. */
  public boolean ofHeads() {
    return norm.isEmpty();
  }

  /** All parameters. */
  public List<ParameterTensor> parameters() {
    List<ParameterTensor> all = new ArrayList<>(List.of(table));
    norm.ifPresent(each -> all.addAll(List.of(part(each, "weight"), part(each, "bias"))));
    return all;
  }

  private static ParameterTensor part(Norm norm, String part) {
    return new ParameterTensor(norm.name() + "." + part, List.of(norm.size()), TensorGroup.NORM);
  }

  /** The same with other names. */
  public DistanceTable renamed(UnaryOperator<ParameterTensor> rename) {
    return new DistanceTable(rename.apply(table), norm.map(each -> renamed(each, rename)));
  }

  private static Norm renamed(Norm norm, UnaryOperator<ParameterTensor> rename) {
    String weight = rename.apply(part(norm, "weight")).name();
    String name = weight.substring(0, weight.length() - ".weight".length());
    return new Norm(name, norm.type(), norm.size(), norm.weighted(), norm.bias());
  }
}
