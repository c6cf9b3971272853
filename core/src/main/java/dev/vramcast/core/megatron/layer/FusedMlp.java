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
import dev.vramcast.core.trace.Aten;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** megatron/core/transformer/mlp.py: gate and up are one product. */
record FusedMlp(boolean gated, ColumnParallel up, RowParallel down) implements Part {

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
        true,
        ColumnParallel.of(loader, gateUp, down.out(), 2 * inner, before),
        RowParallel.of(loader, down, inner));
  }

  private static FusedMlp plain(LayerLoader loader, PlainMlp whole, Norm before) {
    Linear down = whole.down();
    long inner = down.in() / loader.division().tensor();
    return new FusedMlp(
        false,
        ColumnParallel.of(loader, List.of(whole.up()), down.out(), inner, before),
        RowParallel.of(loader, down, inner));
  }

  @Override
  public Tensor forward(Graph g, Tensor x) {
    try (Scope scope = Scope.of(g)) {
      Tensor wide = scope.own(up.forward(g, x));
      Tensor activated =
          scope.own(
              gated
                  ? FusedLayers.gated(g, wide, null)
                  : Pointwise.activation(g, Aten.GELU, wide, "activation outputs"));
      return down.forward(g, activated);
    }
  }
}
