package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.DeltaKernels;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.autograd.op.FusedLayers.Affine;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.units.DataType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * megatron/core/ssm/gated_delta_net/gdn.py: one product for queries, keys, values, gates and rates,
 * of which all but what is convolved are views that live on. Context parallelism gives each rank
 * all tokens of some heads, which are as many elements.
 */
record GatedDelta(
    Rows rows,
    boolean gathers,
    Heads heads,
    ColumnParallel input,
    Tensor convolution,
    Affine norm,
    RowParallel output)
    implements Part {

  /**
   * The heads of one rank.
   *
   * @param keys features of queries, and as many of keys
   * @param count heads of values
   * @param size features of each
   */
  record Heads(long keys, long count, int size) {

    long features() {
      return count * size;
    }
  }

  static GatedDelta of(LayerLoader loader, RecurrentMixer whole, Norm before) {
    Division division = loader.division();
    ParameterBuffers buffers = loader.buffers();
    int degree = division.tensor();
    long keys = whole.stateStreams() / 2 / degree;
    long values = whole.innerSize() / degree;
    long heads = whole.heads() / degree;
    boolean gathers = loader.code().is(LayerCode.GATHERS_RECURRENT) && division.tokenDegree() > 1;
    LayerLoader inside = gathers ? loader.withWholeRows() : loader;
    ColumnParallel input =
        ColumnParallel.of(
            inside, whole.input(), whole.output().out(), 2 * keys + 2 * values + 2 * heads, before);
    @Nullable Tensor convolution = null;
    for (ParameterTensor tensor : whole.others()) {
      Tensor made = buffers.plain("other parameters", tensor.count() / degree).value();
      convolution = tensor.name().endsWith("conv1d.weight") ? made : convolution;
    }
    return new GatedDelta(
        loader.rows(),
        gathers,
        new Heads(keys, heads, whole.headSize()),
        input,
        Objects.requireNonNull(convolution),
        buffers.norm(whole.norms().get(0)),
        RowParallel.of(inside, whole.output(), values));
  }

  @Override
  public Tensor forward(Graph g, Tensor residual) {
    if (!gathers) {
      return mixed(g, residual);
    }
    // mcore_bridge/model/modules/gated_delta_net.py: in and out of sequence parallelism.
    long hidden = residual.elements() / rows.share();
    Tensor whole = ShapeOps.resized(g, residual, rows.all(hidden), "gathered tokens");
    Tensor result = g.rebind(whole, mixed(g, whole));
    return g.rebind(result, ShapeOps.resized(g, result, residual.elements(), "hidden states"));
  }

  private Tensor mixed(Graph g, Tensor x) {
    long values = rows.all(heads.features());
    long rates = rows.all(heads.count());
    long keys = rows.all(heads.keys());
    Tensor projected = input.forward(g, x);
    try (Scope scope = Scope.of(g)) {
      Tensor[] parts =
          scope.own(FusedOps.split(g, projected, 2 * keys + values, values, rates, rates));
      Tensor convolved = scope.own(DeltaKernels.convolution(g, parts[0], convolution));
      Tensor[] mixed = scope.own(FusedOps.split(g, convolved.hold(), 2 * keys, values));
      Tensor[] pair = scope.own(normalised(g, mixed[0]));
      Tensor query = scope.own(repeated(g, pair[0]));
      Tensor key = scope.own(repeated(g, pair[1]));
      Tensor value = scope.own(Pointwise.copy(g, mixed[1], "values"));
      Tensor beta = scope.own(GatedOps.rate(g, parts[2], parts[2].dtype()));
      Tensor decay = scope.own(GatedOps.rate(g, parts[3], DataType.FP32));
      Tensor outputs = scope.own(DeltaKernels.rule(g, query, key, value, decay, beta, shape()));
      Tensor normed = scope.own(FusedLayers.norm(g, outputs, norm, rates));
      Tensor gated = scope.own(GatedOps.gate(g, normed, parts[1]));
      return output.forward(g, gated);
    }
  }

  private DeltaKernels.Shape shape() {
    return new DeltaKernels.Shape(rows.all(), heads.count(), heads.size());
  }

  /** Queries and keys are copied out of what is convolved, and normalised together. */
  private Tensor[] normalised(Graph g, Tensor view) {
    Tensor together = Pointwise.copy(g, view, "queries and keys");
    long rowCount = together.elements() / heads.size();
    Tensor normed = g.rebind(together, DeltaKernels.norm(g, together, rowCount));
    return FusedOps.split(g, normed, rows.all(heads.keys()), rows.all(heads.keys()));
  }

  /** {@code repeat_interleave} for the heads of values, or a copy of the half. */
  private Tensor repeated(Graph g, Tensor x) {
    return ShapeOps.resized(g, x, rows.all(heads.features()), "queries and keys");
  }
}
