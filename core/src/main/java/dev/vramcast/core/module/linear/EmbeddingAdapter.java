package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Chain;
import dev.vramcast.core.autograd.op.Matrix;

/**
 * LoRA on an embedding table (peft/tuners/lora/layer.py Embedding.forward): rows are looked up in
 * the transposed first factor and multiplied by the second.
 *
 * @param a rank by rows of the table
 * @param b width of the table by rank
 */
public record EmbeddingAdapter(Parameter a, Parameter b, long rank, long width) {

  /** The sum of both lookups; takes over {@code hidden}. */
  public Tensor forward(Graph g, Tensor ids, long tokens, Tensor hidden) {
    Tensor inner = Matrix.transposedEmbedding(g, a.value(), ids, tokens, rank);
    Tensor scaled =
        Chain.of(g, Matrix.castActivation(g, b.value()), Matrix.castActivation(g, inner))
            .then(
                (right, left) -> Matrix.product(g, left, right, tokens * width, "adapter outputs"))
            .then(product -> Pointwise.scale(g, product, "adapter outputs"))
            .result();
    Tensor sum = Pointwise.add(g, hidden, scaled, "hidden states");
    g.release(hidden);
    g.release(inner, scaled);
    return sum;
  }
}
