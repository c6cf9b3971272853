package dev.vramcast.core.autograd.weight;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;

/** Sums over blocks of features. Arguments stay the caller's; nothing is saved. */
public final class BlockSums {

  private static final Operation SUM = Operation.of("aten::sum").backward("aten::clone");

  private BlockSums() {}

  /** The sum; its gradient, which is expanded, is copied where the blocks are put into a row. */
  public static Tensor sum(Graph g, Tensor x, long elements) {
    Node node = g.node(SUM, Pointwise.LIKE_INPUT, x);
    g.site().operation(SUM);
    return g.output("adapter inner", Category.ACTIVATIONS, elements, x.dtype(), node);
  }
}
