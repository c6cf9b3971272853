package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.vision.PatchPool;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Squares of patches to one hidden state each.
 *
 * @param weight of a convolution; null where averages are taken
 * @param bias null where there is none
 * @param linears none but where squares are shuffled or make words
 * @param norm of the logits of words; null where there are none
 */
public record PoolModule(
    PatchPool pool,
    @Nullable Parameter weight,
    @Nullable Parameter bias,
    List<Projection> linears,
    @Nullable Norms norm) {

  /** Puts the parameters onto the trace. */
  public static PoolModule load(ModuleFactory modules, PatchPool pool) {
    if (pool instanceof PatchPool.Shuffled shuffled) {
      return new PoolModule(pool, null, null, modules.projections(shuffled.linears()), null);
    }
    if (pool instanceof PatchPool.Words words) {
      List<Projection> head = modules.projections(List.of(words.head()));
      return new PoolModule(pool, null, null, head, modules.finalNorm(words.norm()));
    }
    if (!(pool instanceof PatchPool.Convolved convolved)) {
      return new PoolModule(pool, null, null, List.of(), null);
    }
    Linear product = convolved.product();
    return new PoolModule(
        pool,
        modules.kernel("convolution", product.weightCount(), product.out()),
        product.bias() ? modules.layerParameter("biases", product.out(), 1) : null,
        List.of(),
        null);
  }

  /**
   * One state of each square, of the patches' hidden states, which it takes over.
   *
   * @param settings the tower's
   * @param cells patches of all images, without class tokens
   * @param tokens of all images
   * @param keep is given what the tower's outputs hold in place of the result, if so
   */
  public Tensor forward(
      Graph g,
      Tensor patches,
      StepSettings settings,
      long cells,
      long tokens,
      Consumer<Tensor> keep) {
    if (pool instanceof PatchPool.Words words) {
      return words(g, patches, words.merges(), keep);
    }
    if (pool instanceof PatchPool.Pairs pairs) {
      long width = patches.elements() / settings.tokens();
      boolean byIndex = pairs.byIndex() && settings.code().attendsInChunks();
      Tensor states = pairs.byIndex() && !byIndex ? ShapeOps.divided(g, patches) : patches;
      return PoolOps.pairs(
          g, states, byIndex, width * (settings.sequence() / 2) * settings.batch());
    }
    if (pool instanceof PatchPool.Frames) {
      return PoolOps.frames(g, patches, keep);
    }
    if (pool instanceof PatchPool.Averaged averaged) {
      return PoolOps.pooled(g, patches, averaged, settings, tokens);
    }
    return pool instanceof PatchPool.Convolved convolved
        ? convolved(g, patches, convolved, tokens)
        : shuffled(g, patches, cells * (patches.elements() / settings.tokens()));
  }

  /** Whether the tower's outputs hold something in place of the result. */
  public boolean keepsOther() {
    return pool instanceof PatchPool.Words || pool instanceof PatchPool.Frames;
  }

  /** transformers Ovis2VisionModel.forward, which names the last states until it returns. */
  private Tensor words(Graph g, Tensor patches, boolean merges, Consumer<Tensor> keep) {
    try (Scope names = Scope.of(g)) {
      names.own(patches);
      Tensor squares = names.own(merges ? PoolOps.squares(g, patches) : patches.hold());
      keep.accept(squares);
      Tensor logits = linears.get(0).forward(g, squares);
      Tensor normed = g.rebind(logits, Objects.requireNonNull(norm).forward(g, logits));
      return g.rebind(normed, PoolOps.probabilities(g, normed));
    }
  }

  private Tensor shuffled(Graph g, Tensor patches, long kept) {
    Tensor hidden = VisionOps.shuffled(g, ShapeOps.slice(g, patches, kept));
    for (Projection linear : linears) {
      hidden = g.rebind(hidden, linear.forward(g, hidden));
      hidden = g.rebind(hidden, Activations.apply(g, Activation.GELU, hidden));
    }
    return hidden;
  }

  private Tensor convolved(Graph g, Tensor patches, PatchPool.Convolved convolved, long tokens) {
    Parameter kernels = Objects.requireNonNull(weight);
    try (Scope scope = Scope.of(g)) {
      Tensor input = scope.own(Pointwise.lowered(g, scope.own(patches)));
      Tensor kernel = scope.own(Pointwise.lowered(g, kernels.value()));
      Tensor offset = bias == null ? null : scope.own(Pointwise.lowered(g, bias.value()));
      long elements = tokens * convolved.product().out();
      return ShapeOps.convolution(g, input, kernel, offset, elements, "hidden states of squares");
    }
  }
}
