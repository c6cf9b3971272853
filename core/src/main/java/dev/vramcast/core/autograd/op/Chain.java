package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Operations of which each works on the result of the one before: what a step reads is released
 * when the step has run, as an expression's temporaries are. The result outlives the chain.
 */
public record Chain(Graph graph, Tensor result) {

  /** A chain that begins with {@code first}, to which it takes over the caller's reference. */
  public static Chain of(Graph graph, Tensor first) {
    return new Chain(graph, first);
  }

  /** A chain whose first step reads two tensors. */
  public static Pair of(Graph graph, Tensor first, Tensor second) {
    return new Pair(graph, first, second);
  }

  /** The chain with one more operation. */
  public Chain then(UnaryOperator<Tensor> step) {
    Tensor next = step.apply(result);
    graph.release(result);
    return new Chain(graph, next);
  }

  /** Two tensors that the next step reads; they are released in written order. */
  public record Pair(Graph graph, Tensor first, Tensor second) {

    public Chain then(BinaryOperator<Tensor> step) {
      Tensor next = step.apply(first, second);
      graph.release(first, second);
      return new Chain(graph, next);
    }
  }
}
