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
import dev.vramcast.core.trace.Category;
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
    Made made,
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

    /** Ranks beyond the heads of keys share one of those with others. */
    static Heads of(Attention whole, int degree) {
      int keys = Math.max(1, whole.kvHeads() / degree);
      return new Heads(whole.heads() / degree, keys, whole.headSize());
    }

    long queryFeatures() {
      return (long) queries * size;
    }

    long keyFeatures() {
      return (long) keys * size;
    }
  }

  /**
   * What is made of the product of queries, keys and values.
   *
   * @param gathered features of the product of all ranks, where more ranks than heads of keys
   *     gather it to take out their heads; 0 where they do not
   * @param rotated queries and keys are
   * @param gated half of the queries are gates of the result ({@code attention_output_gate})
   */
  record Made(long gathered, boolean rotated, boolean gated) {}

  /** Norms of queries and keys ({@code qk_layernorm}), null for none. */
  record HeadNorms(@Nullable Affine query, @Nullable Affine key) {}

  static SelfAttention of(LayerLoader loader, Attention whole, Norm before) {
    Division division = loader.division();
    ParameterBuffers buffers = loader.buffers();
    Heads heads = Heads.of(whole, division.tensor());
    long inner = heads.queryFeatures();
    long all =
        (long) ((whole.outputGate() ? 2 : 1) * whole.heads() + 2 * whole.kvHeads()) * heads.size();
    long out = all / division.tensor();
    ColumnParallel qkv = ColumnParallel.of(loader, whole.qkv(), whole.output().out(), out, before);
    Affine queryNorm = whole.queryNorm().map(norm -> buffers.norm(norm)).orElse(null);
    Affine keyNorm = whole.keyNorm().map(norm -> buffers.norm(norm)).orElse(null);
    return new SelfAttention(
        loader.rows(),
        new CoreAttention(division.context()),
        heads,
        new Made(
            division.tensor() > whole.kvHeads() ? all : 0,
            whole.rotary().style() != Rotary.Style.NONE,
            whole.outputGate()),
        qkv,
        new HeadNorms(queryNorm, keyNorm),
        RowParallel.of(loader, whole.output(), inner));
  }

  @Override
  public Tensor forward(Graph g, Tensor residual) {
    Tensor mixed = gathered(g, qkv.forward(g, residual));
    long queries = rows.all(heads.queryFeatures());
    long keys = rows.all(heads.keyFeatures());
    try (Scope scope = Scope.of(g)) {
      Tensor[] views =
          scope.own(
              made.gated()
                  ? FusedOps.split(g, mixed, queries, keys, keys, queries)
                  : FusedOps.split(g, mixed, queries, keys, keys));
      Tensor query = normed(g, grouped(g, views[0]), norms.query(), rows.all() * heads.queries());
      Tensor key = normed(g, views[1].hold(), norms.key(), rows.all() * heads.keys());
      query = rotated(g, query);
      key = rotated(g, key);
      Tensor value = Pointwise.copy(g, views[2], "values");
      Tensor attended =
          scope.own(g.rebind(query, key, value, core.attend(g, query, key, value, shape())));
      if (!made.gated()) {
        return output.forward(g, attended);
      }
      Tensor gate = scope.own(grouped(g, views[3]));
      return output.forward(g, scope.own(GatedOps.gate(g, attended, gate)));
    }
  }

  /**
   * {@code all_gather_last_dim_from_tensor_parallel_region}: the results of all ranks, one behind
   * the other, are put side by side. Takes over the argument.
   */
  private Tensor gathered(Graph g, Tensor own) {
    if (made.gathered() == 0) {
      return own;
    }
    long elements = rows.all(made.gathered());
    Tensor stacked =
        g.allocate("gathered projections", Category.COMMUNICATION, elements, own.dtype());
    Tensor whole = g.rebind(own, ShapeOps.resized(g, own, elements, "gathered projections"));
    g.release(stacked);
    return whole;
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
      return made.rotated()
          ? ShapeOps.resized(g, x, x.elements(), "rotated heads")
          : Pointwise.copy(g, x, "heads");
    }
  }
}
