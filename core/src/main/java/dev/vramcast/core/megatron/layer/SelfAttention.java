package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.autograd.op.FusedLayers.Affine;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import org.jspecify.annotations.Nullable;

/**
 * megatron/core/transformer/attention.py, SelfAttention: one product for query, key and value,
 * whose result lives as long as the call, because the value is a view of it.
 *
 * @param heads of this rank
 * @param norms of queries and keys
 */
record SelfAttention(
    Rows rows,
    CoreAttention core,
    Heads heads,
    boolean rotates,
    ColumnParallel qkv,
    HeadNorms norms,
    RowParallel output)
    implements Part {

  /**
   * The heads of one rank.
   *
   * @param queries heads of queries
   * @param keys heads of keys, and as many of values
   * @param size features of each
   */
  record Heads(int queries, int keys, int size) {

    static Heads of(Attention whole, int degree) {
      return new Heads(whole.heads() / degree, whole.kvHeads() / degree, whole.headSize());
    }

    long queryFeatures() {
      return (long) queries * size;
    }

    long keyFeatures() {
      return (long) keys * size;
    }
  }

  /** Norms of queries and keys ({@code qk_layernorm}), null for none. */
  record HeadNorms(@Nullable Affine query, @Nullable Affine key) {}

  static SelfAttention of(LayerLoader loader, Attention whole, Norm before) {
    Division division = loader.division();
    ParameterBuffers buffers = loader.buffers();
    Heads heads = Heads.of(whole, division.tensor());
    long inner = heads.queryFeatures();
    long out = inner + 2 * heads.keyFeatures();
    ColumnParallel qkv = ColumnParallel.of(loader, whole.qkv(), whole.output().out(), out, before);
    Affine queryNorm = whole.queryNorm().map(norm -> NormWeights.of(buffers, norm)).orElse(null);
    Affine keyNorm = whole.keyNorm().map(norm -> NormWeights.of(buffers, norm)).orElse(null);
    return new SelfAttention(
        loader.rows(),
        new CoreAttention(division.context()),
        heads,
        whole.rotary().style() != Rotary.Style.NONE,
        qkv,
        new HeadNorms(queryNorm, keyNorm),
        RowParallel.of(loader, whole.output(), inner));
  }

  @Override
  public Tensor forward(Graph g, Tensor residual) {
    Tensor mixed = qkv.forward(g, residual);
    long queries = rows.all(heads.queryFeatures());
    long keys = rows.all(heads.keyFeatures());
    try (Scope scope = Scope.of(g)) {
      Tensor[] views = scope.own(FusedOps.split(g, mixed, queries, keys, keys));
      Tensor query = normed(g, grouped(g, views[0]), norms.query(), rows.all() * heads.queries());
      Tensor key = normed(g, views[1].hold(), norms.key(), rows.all() * heads.keys());
      query = rotated(g, query);
      key = rotated(g, key);
      Tensor value = Pointwise.copy(g, views[2], "values");
      Tensor attended =
          scope.own(g.rebind(query, key, value, core.attend(g, query, key, value, shape())));
      return output.forward(g, attended);
    }
  }

  private AttentionOps.Shape shape() {
    return new AttentionOps.Shape(
        rows.batch(), rows.sequence(), heads.queries(), heads.keys(), heads.size(), heads.size());
  }

  /** Queries that share a key stand beside each other, between keys and values of the groups. */
  private Tensor grouped(Graph g, Tensor view) {
    boolean copies = heads.keys() > 1 && heads.queries() > heads.keys();
    return copies ? Pointwise.copy(g, view, "queries") : view.hold();
  }

  /** The norm's kernel takes rows without gaps. Takes over the argument. */
  private Tensor normed(Graph g, Tensor x, @Nullable Affine norm, long rowCount) {
    if (norm == null) {
      return x;
    }
    Tensor rowsTogether = Pointwise.copy(g, x, "norm inputs");
    try (Scope scope = Scope.of(g)) {
      scope.own(rowsTogether, x);
      return FusedLayers.norm(g, rowsTogether, norm, rowCount);
    }
  }

  /** {@code apply_rope_fusion}: one kernel, which keeps the angles alone. */
  private Tensor rotated(Graph g, Tensor x) {
    try (Scope scope = Scope.of(g)) {
      scope.own(x);
      return rotates
          ? ShapeOps.resized(g, x, x.elements(), "rotated heads")
          : Pointwise.copy(g, x, "heads");
    }
  }
}
