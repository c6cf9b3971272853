package dev.vramcast.core.memory.step;

import dev.vramcast.core.memory.autograd.Graph;
import dev.vramcast.core.memory.autograd.Tensor;

/** A linear layer without its adapter, in one of the ways its weight can be stored. */
interface BaseLinear {

  /** The product with the weight; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor x);

  /** Elements of the weight as a matrix. */
  long weightElements();

  /** The weight as a matrix in a float dtype, materialised if it is stored otherwise. */
  Tensor dequantised(Graph g);
}
