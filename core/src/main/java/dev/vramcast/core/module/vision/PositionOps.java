package dev.vramcast.core.module.vision;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.stream.LongStream;

/** Positions of images of any size, out of a learned table for one. */
final class PositionOps {

  private static final Operation STRETCH =
      Operation.of("aten::upsample_bilinear2d").backward("aten::upsample_bilinear2d_backward");

  private static final Operation BAG =
      Operation.of("aten::_embedding_bag").backward("aten::_embedding_bag_backward");

  private static final String POSITIONS = "positions";
  private static final String IN_FP32 = "positions in fp32";

  private PositionOps() {}

  /**
   * Rows for all patches of the images, each of which stretches a copy of its own of the table
   * (transformers HunYuanVLVisionPatchEmbed.interpolate_pos_encoding).
   *
   * @param used elements of the table's rows behind the first
   * @param hidden states of the patches
   */
  static Tensor stretched(Graph g, Tensor table, long used, Tensor hidden, long images) {
    long each = hidden.elements() / images;
    try (Scope list = Scope.of(g)) {
      Tensor[] rows =
          LongStream.range(0, images)
              .mapToObj(image -> list.own(stretched(g, table, used, each, hidden.dtype())))
              .toArray(Tensor[]::new);
      return ShapeOps.concatenate(g, POSITIONS, rows);
    }
  }

  private static Tensor stretched(Graph g, Tensor table, long used, long elements, DataType dtype) {
    Tensor rows = ShapeOps.slice(g, table.hold(), used);
    Tensor wide =
        g.rebind(rows, Pointwise.cast(g, rows, DataType.FP32, "table of positions in fp32"));
    Node node = g.node(STRETCH, Pointwise.LIKE_INPUT, wide);
    Tensor large =
        g.rebind(wide, g.output(IN_FP32, Category.ACTIVATIONS, elements, DataType.FP32, node));
    Tensor narrow = g.rebind(large, Pointwise.cast(g, large, dtype, POSITIONS));
    return g.rebind(narrow, Pointwise.copy(g, narrow, POSITIONS));
  }

  /**
   * Sums of rows by weights that are too few to count, in the dtype of the table; what frames add
   * makes them fp32, and they are cast back.
   *
   * @param hidden states of the patches
   */
  static Tensor weighted(Graph g, Tensor table, Tensor hidden) {
    try (Scope scope = Scope.of(g)) {
      Node node = g.node(BAG, Pointwise.LIKE_INPUT, table);
      Tensor sums =
          scope.own(
              g.output(POSITIONS, Category.ACTIVATIONS, hidden.elements(), table.dtype(), node));
      Tensor frames = scope.own(Pointwise.detached(g, hidden.elements(), DataType.FP32, IN_FP32));
      Tensor wide = scope.own(Pointwise.add(g, sums, frames, IN_FP32));
      return Pointwise.cast(g, wide, hidden.dtype(), POSITIONS);
    }
  }
}
