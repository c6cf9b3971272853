package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.trace.Aten;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** megatron/core/transformer/mlp.py: gate and up are one product. */
record FusedMlp(Gate gate, ColumnParallel up, RowParallel down) implements Part {

  /** What is between the two products. */
  private enum Gate {
    NONE,
    FUSED,
    APART
  }

  static FusedMlp of(LayerLoader loader, Mlp whole, Norm before) {
    return whole instanceof GatedMlp mlp
        ? of(loader, mlp.gateUp(), mlp.down(), before)
        : plain(loader, (PlainMlp) whole, before);
  }

  /** The MLP that every token visits beside its experts; the norm is a module of its own. */
  static FusedMlp shared(LayerLoader loader, GatedMlp whole) {
    return of(loader, whole.gateUp(), whole.down(), null);
  }

  private static FusedMlp of(
      LayerLoader loader, List<Linear> gateUp, Linear down, @Nullable Norm before) {
    long inner = down.in() / loader.division().tensor();
    return new FusedMlp(
        loader.code().is(LayerCode.GATES_APART) ? Gate.APART : Gate.FUSED,
        ColumnParallel.of(loader, gateUp, down.out(), 2 * inner, before),
        RowParallel.of(loader, down, inner));
  }

  private static FusedMlp plain(LayerLoader loader, PlainMlp whole, Norm before) {
    Linear down = whole.down();
    long inner = down.in() / loader.division().tensor();
    return new FusedMlp(
        Gate.NONE,
        ColumnParallel.of(loader, List.of(whole.up()), down.out(), inner, before),
        RowParallel.of(loader, down, inner));
  }

  @Override
  public Tensor forward(Graph g, Tensor x) {
    try (Scope scope = Scope.of(g)) {
      Tensor wide = scope.own(up.forward(g, x));
      return down.forward(g, scope.own(activated(g, wide)));
    }
  }

  private Tensor activated(Graph g, Tensor wide) {
    return switch (gate) {
      case NONE -> Pointwise.activation(g, Aten.GELU, wide, "activation outputs");
      case FUSED -> FusedLayers.gated(g, wide, null);
      case APART -> apart(g, wide);
    };
  }

  /** {@code glu}: both factors are views of one product. */
  private static Tensor apart(Graph g, Tensor wide) {
    long half = wide.elements() / 2;
    try (Scope scope = Scope.of(g)) {
      Tensor[] factors = scope.own(FusedOps.split(g, wide.hold(), half, half));
      Tensor function =
          scope.own(Pointwise.activation(g, Aten.SILU, factors[0], "activation outputs"));
      return Pointwise.mul(g, function, factors[1], "gated products");
    }
  }
}
