package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.autograd.op.FusedLayers.Affine;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.Scope;
import dev.vramcast.core.autograd.op.ShapeOps;
import org.jspecify.annotations.Nullable;

/**
 * megatron/core/transformer/attention.py, SelfAttention: one product for query, key and value,
 * whose result lives as long as the call, because the value is a view of it.
 *
 * @param heads of this rank
 * @param queryNorm null for none, as {@code keyNorm}
 */
record SelfAttention(
    Rows rows,
    CoreAttention core,
    int heads,
    int kvHeads,
    int headSize,
    boolean rotates,
    ColumnParallel qkv,
    @Nullable Affine queryNorm,
    @Nullable Affine keyNorm,
    RowParallel output)
    implements Part {

  static SelfAttention of(LayerLoader loader, Attention whole, Norm before) {
    Division division = loader.division();
    ParameterBuffers buffers = loader.buffers();
    int heads = whole.heads() / division.tensor();
    int kvHeads = whole.kvHeads() / division.tensor();
    long inner = (long) heads * whole.headSize();
    long out = inner + 2L * kvHeads * whole.headSize();
    ColumnParallel qkv = ColumnParallel.of(loader, whole.qkv(), whole.output().out(), out, before);
    Affine queryNorm = whole.queryNorm().map(norm -> NormWeights.of(buffers, norm)).orElse(null);
    Affine keyNorm = whole.keyNorm().map(norm -> NormWeights.of(buffers, norm)).orElse(null);
    return new SelfAttention(
        loader.rows(),
        new CoreAttention(division.context()),
        heads,
        kvHeads,
        whole.headSize(),
        whole.rotary().style() != Rotary.Style.NONE,
        qkv,
        queryNorm,
        keyNorm,
        RowParallel.of(loader, whole.output(), inner));
  }

  @Override
  public Tensor forward(Graph g, Tensor residual) {
    Tensor mixed = qkv.forward(g, residual);
    long queries = rows.all((long) heads * headSize);
    long keys = rows.all((long) kvHeads * headSize);
    try (Scope scope = Scope.of(g)) {
      Tensor[] views = scope.own(FusedOps.split(g, mixed, queries, keys, keys));
      Tensor query = normed(g, grouped(g, views[0]), queryNorm, rows.all() * heads);
      Tensor key = normed(g, views[1].hold(), keyNorm, rows.all() * kvHeads);
      query = rotated(g, query);
      key = rotated(g, key);
      Tensor value = Pointwise.copy(g, views[2], "values");
      Tensor attended = scope.own(core.attend(g, query, key, value, shape()));
      g.release(query, key);
      g.release(value);
      return output.forward(g, attended);
    }
  }

  private AttentionOps.Shape shape() {
    return new AttentionOps.Shape(
        rows.batch(), rows.sequence(), heads, kvHeads, headSize, headSize);
  }

  /** Queries that share a key stand beside each other, between keys and values of the groups. */
  private Tensor grouped(Graph g, Tensor view) {
    boolean copies = kvHeads > 1 && heads > kvHeads;
    return copies ? Pointwise.copy(g, view, "queries") : view.hold();
  }

  /** The norm's kernel takes rows without gaps. Takes over the argument. */
  private Tensor normed(Graph g, Tensor x, @Nullable Affine norm, long rowCount) {
    if (norm == null) {
      return x;
    }
    Tensor rowsTogether = Pointwise.copy(g, x, "norm inputs");
    Tensor result = FusedLayers.norm(g, rowsTogether, norm, rowCount);
    g.release(rowsTogether, x);
    return result;
  }

  /** {@code apply_rope_fusion}: one kernel, which keeps the angles alone. */
  private Tensor rotated(Graph g, Tensor x) {
    Tensor result =
        rotates
            ? ShapeOps.resized(g, x, x.elements(), "rotated heads")
            : Pointwise.copy(g, x, "heads");
    g.release(x);
    return result;
  }
}
