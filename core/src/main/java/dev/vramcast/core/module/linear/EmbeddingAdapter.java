package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.units.DataType;

/**
 * LoRA on an embedding table (peft/tuners/lora/layer.py Embedding.forward): rows are looked up in
 * the transposed first factor and multiplied by the second.
 *
 * @param a rank by rows of the table
 * @param b width of the table by rank
 */
public record EmbeddingAdapter(Parameter a, Parameter b, long rank, long width) {

  /** The sum of both lookups in the dtype of {@code hidden}, which it takes over. */
  public Tensor forward(Graph g, Tensor ids, long tokens, Tensor hidden) {
    DataType dtype = hidden.dtype();
    Tensor inner = Matrix.transposedEmbedding(g, a.value(), ids, tokens, rank);
    Tensor right = Matrix.castActivation(g, b.value());
    Tensor left = Matrix.castActivation(g, inner);
    Tensor product =
        g.rebind(right, left, Matrix.product(g, left, right, tokens * width, "adapter outputs"));
    Tensor scaled = g.rebind(product, Pointwise.scale(g, product, "adapter outputs"));
    try (Scope scope = Scope.of(g)) {
      scope.own(inner, scaled);
      Tensor sum = g.rebind(hidden, Pointwise.add(g, hidden, scaled, "hidden states"));
      return g.rebind(sum, Pointwise.cast(g, sum, dtype, "hidden states"));
    }
  }
}
