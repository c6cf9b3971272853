package dev.vramcast.core.autograd.op;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;

/**
 * Allocates on a stream beside the one on which the model runs, as collectives do.
 *
 * @param graph on whose trace the tensors go
 */
public record SideStream(Graph graph, Stream stream) {

  /** A new tensor that needs no gradient. */
  public Tensor allocate(String name, Category category, long elements, DataType dtype) {
    return graph.allocateOn(stream, name, category, elements, dtype);
  }
}
