package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/** Tiles of an image laid beside each other. */
public final class TileOps {

  private static final Operation TILE =
      Operation.of("aten::cat", "transformers LlavaNextModel.pack_image_features")
          .backward("aten::slice_backward");

  private TileOps() {}

  /**
   * {@code pack_image_features} of transformers llava_next and llava_onevision: tiles laid beside
   * each other, cut and shrunk, with a vector at the end of each row and the whole image before
   * them; then all images put together. Takes over the tokens.
   *
   * @param images how many
   * @param end the vector; it stays the caller's
   */
  public static Tensor tiled(
      Graph g, Tensor tokens, ImageGrid.Parts parts, long images, Tensor end) {
    ImageGrid.Canvas canvas = parts.canvas().orElseThrow();
    Tensor divided = ShapeOps.divided(g, tokens);
    long width = end.elements();
    long each = parts.tokens() * width;
    long seen = divided.elements() / images;
    Node node = g.node(TILE, (graph, n) -> apart(graph, n, seen), divided, end);
    try (Scope scope = Scope.of(g)) {
      for (int i = 0; i < images; i++) {
        scope.own(packed(g, divided, canvas, width, each));
      }
      return g.rebind(
          divided,
          g.output("tokens of images", Category.ACTIVATIONS, images * each, divided.dtype(), node));
    }
  }

  /** One image. */
  private static Tensor packed(
      Graph g, Tensor tokens, ImageGrid.Canvas canvas, long width, long each) {
    if (canvas.cells() == 0) {
      return tile(g, tokens, each);
    }
    Tensor laid = tile(g, tokens, canvas.cells() * width);
    long shown = (long) canvas.rows() * canvas.columns() * width;
    if (canvas.isShrunk()) {
      laid = g.rebind(laid, tile(g, tokens, shown));
    }
    long ended = shown + canvas.rows() * width;
    Tensor rows = g.rebind(laid, tile(g, tokens, ended));
    return g.rebind(rows, tile(g, tokens, each));
  }

  private static Tensor tile(Graph g, Tensor tokens, long elements) {
    return g.allocate(TILE, "tiles", Category.ACTIVATIONS, elements, tokens.dtype());
  }

  /** The whole image and the rest of its tiles are sliced from one tensor, each put into zeros. */
  private static void apart(Graph g, Node n, long seen) {
    n.outgoing[0] = n.wants(0) ? Pointwise.gradientLike(g, n.inputs[0]) : null;
    if (n.wants(0)) {
      DataType dtype = n.inputs[0].dtype();
      g.release(g.allocate(TILE, "gradients of tiles", Category.TEMPORARIES, seen, dtype));
    }
    n.outgoing[1] = n.wants(1) ? Pointwise.gradientLike(g, n.inputs[1]) : null;
  }
}
