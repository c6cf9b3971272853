package dev.vramcast.core.code;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;

/**
 * Sequence parallelism beside tensor parallelism: between the parts of a layer each rank holds its
 * share of the tokens, inside them all tokens (torch/distributed/tensor/parallel, SequenceParallel
 * with PrepareModuleInput).
 *
 * @param degrees 1 for none
 */
public record SequenceSplit(int degrees) {

  /** One rank's tokens become all tokens; takes over the reference. */
  public Tensor gather(Graph g, Tensor x) {
    return degrees == 1 ? x : exchanged(g, x, x.elements() * degrees, "gathered tokens");
  }

  /** All tokens become one rank's, summed over the ranks; takes over the reference. */
  public Tensor scatter(Graph g, Tensor x) {
    return degrees == 1 ? x : exchanged(g, x, x.elements() / degrees, "scattered tokens");
  }

  private static Tensor exchanged(Graph g, Tensor x, long elements, String name) {
    Tensor result = ShapeOps.resized(g, x, elements, name);
    g.release(x);
    return result;
  }
}
