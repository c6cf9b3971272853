package dev.vramcast.core.module.experts;

import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.MergedAdapter;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Rounding;

/**
 * Experts whose matrices stay packed in NVFP4, in Marlin's layout (axolotl
 * scattermoe_lora/grouped_train.py grouped_fp4_moe_train on one GPU). Tokens are taken to be spread
 * evenly.
 */
record ScatteredExperts(
    MixtureOfExperts mixture,
    StepSettings settings,
    MergedAdapter upAdapter,
    MergedAdapter downAdapter)
    implements Experts {

  /** {@code MARLIN_TILE}: rows that an expert's are filled up to a multiple of. */
  private static final long TILE = 64;

  /** {@code order}, {@code _tok}, {@code rep}, {@code exp_sorted} and {@code padded_row}. */
  private static final int INDICES = 5;

  @Override
  public Tensor forward(Graph g, Tensor x, Router.Choice choice) {
    try (Scope scope = Scope.of(g)) {
      Tensor[] up = factors(g, scope, upAdapter, x.dtype());
      Tensor[] down = factors(g, scope, downAdapter, x.dtype());
      Tensor[] indices = new Tensor[INDICES];
      for (int i = 0; i < INDICES; i++) {
        indices[i] = scope.own(Routing.indices(g, pairs()));
      }
      Tensor narrow = scope.own(Pointwise.cast(g, choice.weights(), x.dtype()));
      Tensor weights = scope.own(Routing.gather(g, narrow, indices[0], pairs(), "routing weights"));
      Tensor rows = scope.own(spread(g, x, indices));
      Tensor outputs = scope.own(products().apply(g, rows, up, down));
      return combined(g, x, outputs, weights, indices);
    }
  }

  /**
   * Both factors in the dtype of the tokens, that of the output laid out by experts and then
   * stacked by them (experts_lora_fastpath.py, layers.py peft_lora_B_to_scattermoe and
   * grouped_train.py _lora_stack); all of them are named until the layer's experts are done.
   */
  private static Tensor[] factors(Graph g, Scope scope, MergedAdapter adapter, DataType dtype) {
    Tensor a = scope.own(Pointwise.cast(g, adapter.a().value(), dtype, "adapter"));
    Tensor b = scope.own(Pointwise.cast(g, adapter.b().value(), dtype, "adapter"));
    Tensor laid = scope.own(Pointwise.copy(g, b, "adapter"));
    Tensor stacked = scope.own(Pointwise.copy(g, laid, "adapter"));
    return new Tensor[] {a, stacked};
  }

  private Tensor spread(Graph g, Tensor x, Tensor[] indices) {
    long elements = pairs() * mixture.hiddenSize();
    Tensor gathered = Routing.gather(g, x, indices[2], elements, "expert inputs");
    return g.rebind(
        gathered,
        Routing.spreadRows(
            g, gathered, indices[4], rows() * mixture.hiddenSize(), "expert inputs"));
  }

  private Tensor combined(Graph g, Tensor x, Tensor outputs, Tensor weights, Tensor[] indices) {
    Tensor zeros =
        g.allocate(Aten.ZEROS, "expert sums", Category.ACTIVATIONS, x.elements(), x.dtype());
    long elements = pairs() * mixture.hiddenSize();
    Tensor chosen = Routing.gather(g, outputs, indices[4], elements, "expert outputs");
    Tensor weighted =
        g.rebind(chosen, Pointwise.mul(g, chosen, weights, "weighted expert outputs"));
    return g.rebind(weighted, Routing.addedRows(g, zeros, weighted, indices[2]));
  }

  private PackedProducts products() {
    return new PackedProducts(
        mixture.experts(),
        rows(),
        mixture.hiddenSize(),
        mixture.intermediateSize(),
        upAdapter.a().elements() / (mixture.experts() * mixture.hiddenSize()));
  }

  private long pairs() {
    return settings.tokens() * mixture.topK();
  }

  /** Those of all experts, with what fills up their tiles. */
  private long rows() {
    long each = Rounding.ceilDivide(pairs(), mixture.experts());
    return mixture.experts() * Rounding.ceilDivide(each, TILE) * TILE;
  }
}
