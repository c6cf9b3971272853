package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A layer's part of a second embedding of the tokens (Gemma 3n and Gemma 4).
 *
 * @param norm after the projection
 */
public record PerLayerInput(Linear gate, Linear projection, ParameterTensor norm) {

  /**
   * The second embedding, outside the layers.
   *
   * @param table a row for each token, as wide as the parts of all layers
   * @param projection of the first embedding to that width
   * @param norm of one layer's part
   */
  public record Table(ParameterTensor table, ParameterTensor projection, ParameterTensor norm) {

    List<ParameterTensor> parameters() {
      return List.of(table, projection, norm);
    }

    Table renamed(UnaryOperator<ParameterTensor> rename) {
      return new Table(rename.apply(table), rename.apply(projection), rename.apply(norm));
    }
  }

  List<Linear> linears() {
    return List.of(gate, projection);
  }
}
