package dev.vramcast.core.module.compress;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.units.DataType;

/**
 * Turns the last features of each head by cosines and sines that each call repeats for the two of a
 * pair (transformers deepseek_v4/modeling_deepseek_v4.py apply_rotary_pos_emb).
 *
 * @param headSize features of a head
 * @param ropeSize features of them that are turned
 */
public record TrailingRotary(int headSize, int ropeSize) {

  private static final String NAME = "queries and keys";
  private static final String PRODUCTS = "rotary products";

  /**
   * The heads turned, in their dtype; takes over the argument.
   *
   * @param positions that have a cosine and a sine for each feature
   * @param tables dtype of these
   */
  public Tensor rotate(Graph g, Tensor x, long positions, DataType tables) {
    try (Scope scope = Scope.of(g)) {
      Tensor cos = scope.own(table(g, positions, tables));
      Tensor sin = scope.own(table(g, positions, tables));
      Tensor part = scope.own(ShapeOps.slice(g, x.hold(), x.elements() / headSize * ropeSize));
      Tensor sum = sum(g, part, cos, sin);
      Tensor turned = scope.own(g.rebind(sum, Pointwise.cast(g, sum, x.dtype(), NAME)));
      return g.rebind(x, FusedOps.concatenate(g, NAME, turned, x, x.elements()));
    }
  }

  private Tensor table(Graph g, long positions, DataType dtype) {
    return Pointwise.detached(g, positions * ropeSize, dtype, "rotary tables");
  }

  /** {@code rope.float() * cos + rotate_half(rope).float() * sin}. */
  private static Tensor sum(Graph g, Tensor part, Tensor cos, Tensor sin) {
    Tensor wide = Pointwise.cast(g, part, DataType.FP32, "queries and keys in fp32");
    Tensor straight = g.rebind(wide, Pointwise.mul(g, wide, cos, PRODUCTS));
    Tensor half = FusedOps.rotateHalf(g, part, "rotated halves");
    Tensor wideHalf = g.rebind(half, Pointwise.cast(g, half, DataType.FP32, "rotated halves"));
    Tensor crossed = g.rebind(wideHalf, Pointwise.mul(g, wideHalf, sin, PRODUCTS));
    return g.rebind(straight, crossed, Pointwise.add(g, straight, crossed, NAME));
  }
}
