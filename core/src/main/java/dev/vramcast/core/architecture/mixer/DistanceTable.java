package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
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
 *     DebertaV2Encoder.get_rel_embedding), empty where it has none (DebertaEncoder); such code
 *     multiplies padding out of embeddings, whose module makes zeros in the place of absolute
 *     positions, and keeps what each layer gives until the model returns. Empty, too, where a row
 *     has a number for each head, which is added to scores (MPNetEncoder.compute_position_bias);
 *     such code has no checkpoints.
 * @param ofHeads rows have a number for each head
 */
public record DistanceTable(ParameterTensor table, Optional<Norm> norm, boolean ofHeads) {

  /**
   * What attention does with rows.
   *
   * @param rows that are read
   * @param dropout probability on the rows, in each layer
   * @param own what projects rows for queries and for keys; empty where what projects tokens does
   * @param biases that are added to queries and to values behind one projection without
   */
  public record Reading(long rows, double dropout, List<Linear> own, List<ParameterTensor> biases) {

    public Reading {
      own = List.copyOf(own);
      biases = List.copyOf(biases);
    }

    /** Of rows that are projected as tokens are. */
    public Reading(long rows, double dropout) {
      this(rows, dropout, List.of(), List.of());
    }
  }

  /**
   * Rows that no norm reads before layers do. Such code (transformers DebertaModel) adds biases in
   * fp32 to queries, whatever dtype the model has, and hides scores by the least number of fp32.
   */
  public boolean isBare() {
    return norm.isEmpty() && !ofHeads;
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
    return new DistanceTable(rename.apply(table), norm.map(each -> renamed(each, rename)), ofHeads);
  }

  private static Norm renamed(Norm norm, UnaryOperator<ParameterTensor> rename) {
    String weight = rename.apply(part(norm, "weight")).name();
    String name = weight.substring(0, weight.length() - ".weight".length());
    return new Norm(name, norm.type(), norm.size(), norm.weighted(), norm.bias());
  }
}
