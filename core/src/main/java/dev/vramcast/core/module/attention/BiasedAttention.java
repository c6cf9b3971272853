package dev.vramcast.core.module.attention;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.autograd.sequence.BiasOps;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Attention whose scores have a bias by position (transformers T5Attention.forward, and {@code
 * create_position_bias_mask} of integrations/sdpa_attention.py).
 *
 * @param causal tokens see those before them alone
 * @param contiguous the bias lies by heads
 */
record BiasedAttention(HeadOps ops, boolean causal, boolean contiguous) {

  private static final String SCORES = "attention scores";

  /** Attends; all arguments stay the caller's. */
  Tensor forward(Graph g, Tensor[] heads, Tensor bias, @Nullable Tensor mask) {
    if (ops.settings().attention() == AttentionKernel.EAGER) {
      return ops.settings().code().masksBiases()
          ? eager(g, heads, bias)
          : eager(g, heads, bias, mask);
    }
    return fused(g, heads, bias, mask);
  }

  /** Before attention was an interface: {@code scores += position_bias_masked}. */
  private Tensor eager(Graph g, Tensor[] heads, Tensor bias) {
    EagerAttention eager = new EagerAttention(ops);
    try (Scope scope = Scope.of(g)) {
      Tensor product = eager.product(g, heads[0], heads[1], ops.settings().batch() == 1);
      Tensor scores = scope.own(Pointwise.addInPlace(g, product, bias));
      Tensor wide = AttentionOps.softmaxInFp32(g, scores, false, "attention weights in fp32");
      Tensor weights = g.rebind(wide, Pointwise.cast(g, wide, scores.dtype(), "attention weights"));
      return weighted(g, scope.own(g.rebind(weights, ops.dropped(g, weights))), heads[2], scope);
    }
  }

  private Tensor eager(Graph g, Tensor[] heads, Tensor bias, @Nullable Tensor mask) {
    EagerAttention eager = new EagerAttention(ops);
    try (Scope scope = Scope.of(g)) {
      Tensor scores = eager.product(g, heads[0], heads[1], ops.settings().batch() == 1);
      scores = g.rebind(scores, Pointwise.scale(g, scores, SCORES));
      boolean named = ops.settings().code().biases().ofModel();
      scores =
          named
              ? Pointwise.addInPlace(g, scores, bias)
              : g.rebind(scores, Pointwise.add(g, scores, bias, SCORES));
      if (mask != null) {
        scores = g.rebind(scores, Pointwise.add(g, scores, mask, SCORES));
      }
      if (named) {
        scope.own(scores.hold());
      }
      Tensor weights = eager.probabilities(g, scores, heads[0].dtype(), heads[1].dtype());
      return weighted(g, scope.own(weights), heads[2], scope);
    }
  }

  private Tensor weighted(Graph g, Tensor weights, Tensor values, Scope names) {
    Tensor product = new EagerAttention(ops).times(g, weights, values, ops.settings().batch() == 1);
    return Pointwise.copy(g, names.own(product), "attention outputs by token");
  }

  private Tensor fused(Graph g, Tensor[] heads, Tensor bias, @Nullable Tensor mask) {
    try (Scope scope = Scope.of(g)) {
      Tensor[] inputs = new Tensor[3];
      Tensor additive = scope.own(additive(g, bias, mask));
      Tensor lowered = Pointwise.lowered(g, additive);
      for (int i = 0; i < 3; i++) {
        inputs[i] = scope.own(Pointwise.lowered(g, heads[i]));
      }
      Tensor rows = scope.own(spread(g, padded(g, lowered)));
      return BiasOps.attend(g, inputs, rows, shape(), ops.settings().card().efficient());
    }
  }

  /** What SDPA is given: the bias where tokens are seen, as a tensor of its own. */
  private Tensor additive(Graph g, Tensor bias, @Nullable Tensor mask) {
    long scores = ops.scores();
    if (mask != null) {
      return lying(
          g,
          mask.dtype() == DataType.BOOL
              ? BiasOps.where(g, mask, bias, scores)
              : BiasOps.masked(g, bias, mask, scores));
    }
    if (causal) {
      long pairs = ops.settings().sequence() * ops.keys();
      Tensor seen = g.allocate("attention mask", Category.TEMPORARIES, pairs, DataType.BOOL);
      return lying(g, g.rebind(seen, BiasOps.where(g, seen, bias, bias.elements())));
    }
    return lying(g, bias.hold());
  }

  /** By heads, as what is made of the bias lies as that does; takes over the argument. */
  private Tensor lying(Graph g, Tensor made) {
    return contiguous ? made : g.rebind(made, Pointwise.copy(g, made, "attention bias"));
  }

  /** Rows of a multiple of 16 (pytorch sdp_utils preprocess_mask); takes over the argument. */
  private Tensor padded(Graph g, Tensor mask) {
    long row = (ops.keys() + 15) / 16 * 16;
    return row == ops.keys()
        ? mask
        : g.rebind(
            mask, ShapeOps.resized(g, mask, mask.elements() / ops.keys() * row, "attention bias"));
  }

  /** The same for every sequence, as a view; takes over the argument. */
  private Tensor spread(Graph g, Tensor mask) {
    long row = (ops.keys() + 15) / 16 * 16;
    long all = ops.scores() / ops.keys() * row;
    return mask.elements() == all ? mask : ShapeOps.expand(g, mask, all);
  }

  private AttentionOps.Shape shape() {
    HeadShape shape = ops.shape();
    return new AttentionOps.Shape(
        ops.settings().batch(),
        ops.settings().sequence(),
        shape.heads(),
        shape.kvHeads(),
        shape.headSize(),
        shape.valueSize());
  }
}
