package dev.vramcast.core.module.linear;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.RunningPass;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.ModuleScope;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer of the model with the adapter on it, if it has one.
 *
 * @param scope the linear layer's
 * @param adapter null when the layer is no target
 * @param sliced null except for LitGPT's fused query-key-value projection
 * @param running whether adapters are on (peft/tuners/lora/layer.py, disable_adapters); null for a
 *     layer that is no target
 * @param way what becomes of its input first
 */
public record Projection(
    ModuleScope scope,
    BaseLinear base,
    @Nullable LinearAdapter adapter,
    @Nullable SlicedAdapter sliced,
    @Nullable RunningPass running,
    Way way) {

  /** What becomes of an input. */
  public enum Way {
    AS_IT_IS,
    /** Input and output are clamped, each into a new tensor. */
    CLIPPED,
    /** It lies feature by feature, and a product reads a copy (at::matmul folds by reshape). */
    COPIED;

    /** What becomes of that one's. */
    public static Way of(Linear linear) {
      if (linear.copies()) {
        return COPIED;
      }
      return linear.clipped() ? CLIPPED : AS_IT_IS;
    }
  }

  /** A layer that is no target. */
  public Projection(ModuleScope scope, BaseLinear base) {
    this(scope, base, null, null, null, Way.AS_IT_IS);
  }

  /** The layer's result; the argument stays the caller's. */
  public Tensor forward(Graph g, Tensor x) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(
          switch (way) {
            case AS_IT_IS -> run(g, x);
            case CLIPPED -> clipped(g, x);
            case COPIED -> copied(g, x);
          });
    }
  }

  private Tensor clipped(Graph g, Tensor x) {
    Tensor input = Pointwise.activation(g, Aten.CLAMP, x, "clipped inputs");
    Tensor output = g.rebind(input, run(g, input));
    return g.rebind(output, Pointwise.activation(g, Aten.CLAMP, output, "clipped outputs"));
  }

  private Tensor copied(Graph g, Tensor x) {
    Tensor copy = Pointwise.copy(g, x, "inputs row by row");
    return g.rebind(copy, run(g, copy));
  }

  private Tensor run(Graph g, Tensor x) {
    if (running == null || !running.adapters()) {
      return adapter == null ? base.forward(g, x) : adapter.off(g, x, base);
    }
    if (sliced != null) {
      return sliced.forward(g, x, base);
    }
    return adapter == null ? base.forward(g, x) : adapter.forward(g, x, base);
  }
}
