package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Gemma 3n's several streams of hidden states, of which a layer works on one (AltUp), and the
 * low-rank residual beside its attention (LAuReL).
 *
 * @param router to one score a stream
 * @param left of the low-rank residual
 * @param right of it
 */
public record AltUp(
    Linear correction,
    Linear prediction,
    Linear router,
    Linear left,
    Linear right,
    ParameterTensor outputScale,
    ParameterTensor routerNorm,
    ParameterTensor laurelNorm) {

  /**
   * Projections of every stream but the first, outside the layers.
   *
   * @param spread before the first layer
   * @param gather after the last
   */
  public record Ends(List<ParameterTensor> spread, List<ParameterTensor> gather) {

    public Ends {
      spread = List.copyOf(spread);
      gather = List.copyOf(gather);
    }

    List<ParameterTensor> parameters() {
      List<ParameterTensor> tensors = new ArrayList<>();
      for (int i = 0; i < spread.size(); i++) {
        tensors.add(spread.get(i));
        tensors.add(gather.get(i));
      }
      return tensors;
    }

    Ends renamed(UnaryOperator<ParameterTensor> rename) {
      return new Ends(spread.stream().map(rename).toList(), gather.stream().map(rename).toList());
    }
  }

  public int streams() {
    return Math.toIntExact(router.out());
  }

  List<Linear> linears() {
    return List.of(correction, prediction, router, left, right);
  }

  List<ParameterTensor> parameters() {
    return List.of(outputScale, routerNorm, laurelNorm);
  }
}
