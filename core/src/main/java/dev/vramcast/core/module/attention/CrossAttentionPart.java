package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.Seeing;
import dev.vramcast.core.module.part.SharedInputs;
import org.jspecify.annotations.Nullable;

/**
 * transformers MllamaTextCrossAttention.forward.
 *
 * @param queryNorm null when queries are not normalised
 * @param keyNorm as {@code queryNorm}
 */
record CrossAttentionPart(
    CrossAttention attention,
    StepSettings settings,
    Projection query,
    Projection key,
    Projection value,
    Projection output,
    @Nullable Norms queryNorm,
    @Nullable Norms keyNorm)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Seeing seen = shared.seeing();
    Tensor[] heads = new Tensor[3];
    heads[0] = normalised(g, query.forward(g, x), queryNorm);
    heads[1] = key.forward(g, seen.states());
    heads[2] = value.forward(g, seen.states());
    heads[1] = normalised(g, heads[1], keyNorm);
    boolean laysByHeads = settings.code().laysByHeads();
    if (laysByHeads) {
      AttentionCore.layByHeads(g, heads);
    }
    AttentionCore core = new AttentionCore(HeadShape.of(attention), settings, seen.keys());
    try (Scope scope = Scope.of(g)) {
      Tensor attended =
          attention.bias() != CrossAttention.Bias.NONE
              ? biased(g, heads, shared, core, scope)
              : core.attend(g, heads, seen.mask(), shared, laysByHeads);
      scope.own(heads);
      return g.rebind(attended, output.forward(g, attended));
    }
  }

  /** transformers T5Attention.forward: the bias is zeros, of which the first layer makes them. */
  private Tensor biased(
      Graph g, Tensor[] heads, SharedInputs shared, AttentionCore core, Scope names) {
    PositionBiases biases = new PositionBiases(core.ops(), shared);
    Tensor bias = names.own(biases.cross(g, attention.bias(), heads[0].dtype()));
    return new BiasedAttention(core.ops(), false, true)
        .forward(g, heads, bias, shared.seeing().mask());
  }

  /** Takes over the argument. */
  private static Tensor normalised(Graph g, Tensor x, @Nullable Norms norm) {
    return norm == null ? x : g.rebind(x, norm.forward(g, x));
  }
}
