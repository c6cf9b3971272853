package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.InnerDropout;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.SparseOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.module.linear.Projection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code down(act(gate(x)) * up(x))}.
 *
 * @param gateUp gate and up, or one projection for both
 * @param norm of the product, null where it is not normalised
 * @param inner dropout of the product
 * @param sparse gates below a cutoff are zeros
 */
public record GatedMlpPart(
    StepSettings settings,
    List<Projection> gateUp,
    Projection down,
    @Nullable Norms norm,
    Activation activation,
    Optional<InnerDropout> inner,
    boolean sparse)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    return forward(g, x);
  }

  /** As a part of a mixture of experts, which reads nothing but its input either. */
  public Tensor forward(Graph g, Tensor x) {
    if (activation == Activation.CLAMPED_SILU) {
      return clamped(g, x);
    }
    if (activation == Activation.SILU_CLAMPED) {
      return clampedAfter(g, x);
    }
    if (gateUp.size() == 1 && settings.liger().runs(LigerKernel.SWIGLU)) {
      return ligerFused(g, x);
    }
    Tensor product = gateUp.size() == 1 ? fused(g, x) : separate(g, x);
    if (norm != null) {
      product = g.rebind(product, norm.forward(g, product));
    }
    product = Activations.dropped(g, product, inner, down, settings.code().callsDropout());
    return g.rebind(product, down.forward(g, product));
  }

  private Tensor separate(Graph g, Tensor x) {
    Tensor gate = gateUp.get(0).forward(g, x);
    if (settings.liger().runs(LigerKernel.SWIGLU)) {
      Tensor up = gateUp.get(1).forward(g, x);
      return g.rebind(gate, up, FusedOps.swiglu(g, gate, up, "gated products"));
    }
    if (sparse) {
      gate = g.rebind(gate, SparseOps.relu(g, gate, settings.tokens()));
    }
    Tensor activated = g.rebind(gate, Activations.apply(g, activation, gate));
    Tensor up = gateUp.get(1).forward(g, x);
    return g.rebind(activated, up, Pointwise.mul(g, activated, up, "gated products"));
  }

  /** transformers DeepseekV4MLP, whose clamped gate and up have names until it returns. */
  private Tensor clamped(Graph g, Tensor x) {
    try (Scope scope = Scope.of(g)) {
      Tensor gate = scope.own(Activations.clamped(g, gateUp.get(0).forward(g, x)));
      Tensor up = scope.own(Activations.clamped(g, gateUp.get(1).forward(g, x)));
      Tensor activated = Activations.apply(g, Activation.SILU, gate);
      Tensor product = g.rebind(activated, Pointwise.mul(g, activated, up, "gated products"));
      return g.rebind(product, down.forward(g, product));
    }
  }

  /** transformers Step3p7MLP: {@code act(gate).clamp() * up.clamp()}, each with a name. */
  private Tensor clampedAfter(Graph g, Tensor x) {
    try (Scope scope = Scope.of(g)) {
      Tensor raw = gateUp.get(0).forward(g, x);
      Tensor activated = g.rebind(raw, Activations.apply(g, Activation.SILU, raw));
      Tensor gate = scope.own(Activations.clamped(g, activated));
      Tensor up = scope.own(Activations.clamped(g, gateUp.get(1).forward(g, x)));
      Tensor product = Pointwise.mul(g, gate, up, "gated products");
      return g.rebind(product, down.forward(g, product));
    }
  }

  /** transformers Phi3MLP: {@code up * act(gate)} on the chunks of one projection. */
  private Tensor fused(Graph g, Tensor x) {
    Tensor both = gateUp.get(0).forward(g, x);
    long half = both.elements() / 2;
    try (Scope scope = Scope.of(g)) {
      Tensor[] parts = FusedOps.split(g, both, half, half);
      if (activation == Activation.CLAMPED_SWIGLU) {
        return Activations.clampedSwiglu(g, parts[0], parts[1]);
      }
      scope.own(parts);
      Tensor activated = Activations.apply(g, activation, parts[0]);
      return g.rebind(activated, Pointwise.mul(g, parts[1], activated, "gated products"));
    }
  }

  /**
   * liger_kernel/transformers/swiglu.py LigerPhi3SwiGLUMLP: the halves, which keep their names
   * until it returns, are made contiguous.
   */
  private Tensor ligerFused(Graph g, Tensor x) {
    Tensor both = gateUp.get(0).forward(g, x);
    long half = both.elements() / 2;
    try (Scope scope = Scope.of(g)) {
      Tensor[] halves = scope.own(FusedOps.split(g, both, half, half));
      Tensor gate = Pointwise.copy(g, halves[0], "gates");
      Tensor up = Pointwise.copy(g, halves[1], "ups");
      Tensor product =
          scope.own(g.rebind(gate, up, FusedOps.swiglu(g, gate, up, "gated products")));
      return down.forward(g, product);
    }
  }
}
