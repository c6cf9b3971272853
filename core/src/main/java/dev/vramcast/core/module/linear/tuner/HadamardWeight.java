package dev.vramcast.core.module.linear.tuner;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.weight.MadeWeights;
import java.util.List;

/**
 * LoHa's matrix: the product by element of two products of rank {@code r}.
 *
 * @param factors {@code hada_w1_a}, {@code hada_w1_b}, {@code hada_w2_a}, {@code hada_w2_b}
 * @param rows of the matrix
 * @param columns of the matrix
 */
public record HadamardWeight(List<Parameter> factors, long rows, long columns)
    implements MadeAdapter.Weight {

  public HadamardWeight {
    factors = List.copyOf(factors);
  }

  @Override
  public Tensor make(Graph g) {
    return MadeWeights.hadamard(g, factors, rows, columns);
  }
}
