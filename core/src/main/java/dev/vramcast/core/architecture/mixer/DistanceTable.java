package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A row for each distance of two tokens, which all layers project as they do tokens (transformers
 * DebertaV2Encoder.get_rel_embedding). Code that has one multiplies padding out of embeddings,
 * whose module makes zeros in the place of absolute positions, and keeps what each layer gives
 * until the model returns.
 *
 * @param table rows of {@code hidden} features
 * @param norm of the rows, once for all layers
 */
public record DistanceTable(ParameterTensor table, Norm norm) {

  /**
   * What attention does with it.
   *
   * @param rows that are read
   * @param dropout probability on the rows, in each layer
   */
  public record Reading(long rows, double dropout) {}

  /** All parameters. */
  public List<ParameterTensor> parameters() {
    List<ParameterTensor> all = new ArrayList<>(List.of(table));
    all.add(ofNorm("weight"));
    all.add(ofNorm("bias"));
    return all;
  }

  private ParameterTensor ofNorm(String part) {
    return new ParameterTensor(norm.name() + "." + part, List.of(norm.size()), TensorGroup.NORM);
  }

  /** The same with other names. */
  public DistanceTable renamed(UnaryOperator<ParameterTensor> rename) {
    String weight = rename.apply(ofNorm("weight")).name();
    String name = weight.substring(0, weight.length() - ".weight".length());
    return new DistanceTable(
        rename.apply(table),
        new Norm(name, norm.type(), norm.size(), norm.weighted(), norm.bias()));
  }
}
