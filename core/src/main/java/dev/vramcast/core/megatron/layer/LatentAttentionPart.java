package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.autograd.op.FusedLayers.Affine;
import dev.vramcast.core.autograd.op.FusedLayers.Product;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import org.jspecify.annotations.Nullable;

/**
 * megatron/core/transformer/multi_latent_attention.py: products to low ranks on this rank's share
 * of the tokens, from there to its heads on all of them. The norm before is a module of its own,
 * those between are part of the products after them.
 *
 * @param heads of this rank
 * @param query one product, or the low-rank pair with its norm
 * @param latent keys and values
 */
record LatentAttentionPart(
    Rows rows,
    CoreAttention core,
    LatentAttention whole,
    int heads,
    Affine before,
    Query query,
    Latent latent,
    Weight output)
    implements Part {

  private static final Operation COSINES =
      Operation.of(
          "aten::cos", "megatron/core/models/common/embeddings/yarn_rotary_pos_embedding.py");

  /** The matrix of a product and its shape. */
  record Weight(Tensor matrix, Product shape) {

    private static Weight of(ParameterBuffers buffers, Product shape) {
      return new Weight(buffers.matrix(shape.in(), shape.out()).value(), shape);
    }

    private Tensor column(Graph g, Tensor x) {
      return FusedLayers.column(g, x, matrix, shape);
    }

    private Tensor normColumn(Graph g, Tensor x, Affine norm) {
      return FusedLayers.normColumn(g, x, norm, matrix, shape);
    }
  }

  /** How keys and values are made: to their low rank, and from there after a norm. */
  record Latent(Weight down, Affine norm, Weight up) {}

  /** How queries are made; {@code down} and {@code norm} are null without a low rank. */
  record Query(@Nullable Weight down, @Nullable Affine norm, Weight up) {

    static Query of(
        ParameterBuffers buffers, Rows rows, Division division, LatentAttention whole, long out) {
      Linear first = whole.query().get(0);
      if (whole.query().size() == 1) {
        Product shape = new Product(rows.all(), first.in(), out, division.tokenDegree());
        return new Query(null, null, Weight.of(buffers, shape));
      }
      long rank = first.out();
      return new Query(
          Weight.of(buffers, new Product(rows.share(), first.in(), rank, 1)),
          buffers.norm(whole.queryNorm().orElseThrow()),
          Weight.of(buffers, new Product(rows.all(), rank, out, division.tokenDegree())));
    }

    Tensor forward(Graph g, Tensor x) {
      if (down == null || norm == null) {
        return up.column(g, x);
      }
      Tensor low = down.column(g, x);
      return g.rebind(low, up.normColumn(g, low, norm));
    }
  }

  static LatentAttentionPart of(
      ParameterBuffers buffers, Rows rows, Division division, LatentAttention whole, Norm before) {
    int heads = whole.heads() / division.tensor();
    int tokenDegree = division.tokenDegree();
    long hidden = whole.output().out();
    long latent = whole.keyValueRank();
    long low = latent + whole.ropeSize();
    long queries = (long) heads * (whole.nopeSize() + whole.ropeSize());
    long keysAndValues = (long) heads * (whole.nopeSize() + whole.valueSize());
    long values = (long) heads * whole.valueSize();
    return new LatentAttentionPart(
        rows,
        new CoreAttention(division.context()),
        whole,
        heads,
        buffers.norm(before),
        Query.of(buffers, rows, division, whole, queries),
        new Latent(
            Weight.of(buffers, new Product(rows.share(), hidden, low, 1)),
            buffers.norm(whole.keyValueNorm()),
            Weight.of(buffers, new Product(rows.all(), latent, keysAndValues, tokenDegree))),
        Weight.of(buffers, new Product(rows.all(), values, hidden, tokenDegree)));
  }

  @Override
  public Tensor forward(Graph g, Tensor residual) {
    try (Scope scope = Scope.of(g)) {
      Tensor normalised = scope.own(FusedLayers.norm(g, residual, before, rows.share()));
      Tensor low = latent.down().column(g, normalised);
      Tensor[] parts =
          FusedOps.split(g, low, rows.share(whole.keyValueRank()), rows.share(whole.ropeSize()));
      Tensor wholeKey = ShapeOps.resized(g, parts[1], rows.all(whole.ropeSize()), "rotary keys");
      Tensor rotaryKey = rotated(g, wholeKey, "rotary keys");
      Tensor plainQuery = query.forward(g, normalised);
      Tensor keysAndValues = latent.up().normColumn(g, parts[0], latent.norm());
      g.release(parts[0], parts[1]);
      Tensor rotated = rotated(g, plainQuery, "queries");
      Tensor[] both = FusedOps.split(g, keysAndValues, perHead(whole.nopeSize()), values());
      long keys = perHead(whole.nopeSize() + whole.ropeSize());
      Tensor key = FusedOps.concatenate(g, "keys", both[0], rotaryKey, keys);
      Tensor value = Pointwise.copy(g, both[1], "values");
      g.release(both[0], both[1]);
      g.release(rotaryKey);
      Tensor attended =
          scope.own(g.rebind(rotated, key, value, core.attend(g, rotated, key, value, shape())));
      return FusedLayers.row(g, attended, output.matrix(), output.shape());
    }
  }

  /**
   * Without {@code apply_rope_fusion}, which is off for latent attention, each call makes and keeps
   * cosines and sines of its own (models/common/embeddings/rope_utils.py). Takes over the argument.
   */
  private Tensor rotated(Graph g, Tensor x, String name) {
    Tensor angles =
        g.allocate(
            COSINES,
            "cosines and sines",
            Category.ACTIVATIONS,
            2 * rows.sequence() * whole.ropeSize(),
            x.dtype());
    return g.rebind(x, angles, Pointwise.mul(g, x, angles, name));
  }

  private AttentionOps.Shape shape() {
    int size = whole.nopeSize() + whole.ropeSize();
    return new AttentionOps.Shape(
        rows.batch(), rows.sequence(), heads, heads, size, whole.valueSize());
  }

  private long values() {
    return perHead(whole.valueSize());
  }

  private long perHead(int features) {
    return rows.all((long) heads * features);
  }
}
