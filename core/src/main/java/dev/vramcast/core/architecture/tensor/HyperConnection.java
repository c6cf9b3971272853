package dev.vramcast.core.architecture.tensor;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Weights by which a block reads one of several streams of hidden states, its output is spread over
 * them, and they are mixed (DeepSeek-V4's manifold-constrained hyper-connections).
 *
 * @param path of the module below its layer, or the model's own
 * @param streams beside each other
 * @param iterations of Sinkhorn and Knopp, which make the mixing weights doubly stochastic
 * @param projection from all streams of a token to its weights
 * @param base added to the weights
 * @param scale one factor for each kind of weight
 */
public record HyperConnection(
    String path,
    int streams,
    int iterations,
    ParameterTensor projection,
    ParameterTensor base,
    ParameterTensor scale) {

  /** Those of a layer: around its mixer and around its MLP. */
  public record Pair(HyperConnection mixer, HyperConnection mlp) {

    public List<ParameterTensor> parameters() {
      return List.of(
          mixer.projection, mixer.base, mixer.scale, mlp.projection, mlp.base, mlp.scale);
    }
  }

  public List<ParameterTensor> parameters() {
    return List.of(projection, base, scale);
  }

  /** The same with other names of its parameters. */
  public HyperConnection renamed(UnaryOperator<ParameterTensor> rename) {
    return new HyperConnection(
        path,
        streams,
        iterations,
        rename.apply(projection),
        rename.apply(base),
        rename.apply(scale));
  }
}
