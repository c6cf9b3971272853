package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.List;

/** What becomes of pixels before a tower runs. */
public final class PixelOps {

  private static final Operation EQUAL =
      Operation.of("aten::eq", "transformers Idefics3Model.get_image_features");

  private static final String PIXELS = "pixels";

  private PixelOps() {}

  /**
   * Pixels as the tower is given them, and what else the code around it holds meanwhile. The
   * argument stays the caller's.
   *
   * @param mask of pixels that are no padding, where the model's code has one
   */
  public static List<Tensor> prepared(
      Graph g, PatchEmbedding.Pixels code, Tensor pixels, DataType dtype, long mask) {
    return switch (code) {
      case AS_THEY_ARE, UNCAST -> List.of(pixels.hold());
      case PUT_TOGETHER -> List.of(Pointwise.copy(g, pixels, PIXELS));
      case CAST -> List.of(Pointwise.cast(g, pixels, dtype, PIXELS));
      case CHOSEN -> chosen(g, Pointwise.cast(g, pixels, dtype, PIXELS), mask);
    };
  }

  /** Every pixel is compared with zero; pixels and masks of images that are there are copied. */
  private static List<Tensor> chosen(Graph g, Tensor narrow, long mask) {
    g.release(g.allocate(EQUAL, PIXELS, Category.TEMPORARIES, narrow.elements(), DataType.BOOL));
    Tensor kept = g.rebind(narrow, Pointwise.copy(g, narrow, PIXELS));
    return List.of(kept, Pointwise.detached(g, mask, DataType.INT64, "masks of pixels"));
  }
}
