package dev.vramcast.core.module.vision;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.List;

/** Operations around a vision tower. What each saves is in torch's {@code derivatives.yaml}. */
public final class VisionOps {

  private static final Operation POOL =
      Operation.of("aten::avg_pool2d").backward("aten::avg_pool2d_backward");

  private static final Operation PUT =
      Operation.of("aten::index_put_", "transformers Qwen3VLTextModel._deepstack_process");

  private static final Operation SAMPLE =
      Operation.of("aten::grid_sampler_2d").backward("aten::grid_sampler_2d_backward");

  private static final Operation SCATTER =
      Operation.of("aten::masked_scatter").backward("aten::masked_fill");

  private static final Operation STRETCH =
      Operation.of("aten::_upsample_bilinear2d_aa").backward("CopySlices");

  private static final Operation NEAREST =
      Operation.of("aten::upsample_nearest2d").backward("aten::upsample_nearest2d_backward");

  private static final Operation UNFOLD = Operation.of("aten::im2col").backward("aten::col2im");

  private VisionOps() {}

  /** {@code embedding} of rows of a table, whose gradient is dense. */
  static Tensor positions(Graph g, Tensor table, long elements) {
    Node node = g.node(Aten.EMBEDDING, Pointwise.LIKE_INPUT, table);
    return g.output("positions", Category.ACTIVATIONS, elements, table.dtype(), node);
  }

  /**
   * {@code grid_sample} of a table in fp32, brought to the dtype of the table: saves what it
   * samples (transformers Glm4vVisionEmbeddings).
   */
  static Tensor sampled(Graph g, Tensor table, long elements) {
    Tensor wide = Pointwise.cast(g, table, DataType.FP32, "table of positions in fp32");
    Node node = g.node(SAMPLE, Pointwise.LIKE_INPUT, wide);
    g.save(node, wide);
    Tensor result =
        g.output("positions in fp32", Category.ACTIVATIONS, elements, DataType.FP32, node);
    g.release(wide);
    return g.rebind(result, Pointwise.cast(g, result, table.dtype(), "positions"));
  }

  /**
   * {@code weights @ table.float()}, brought to the dtype of the table: weights are fp32, one for
   * each row of the table in each of so many rows (transformers Siglip2VisionEmbeddings,
   * resize_positional_embeddings).
   */
  static Tensor resized(Graph g, Tensor table, long rows, long size) {
    long places = table.elements() / size;
    try (Scope scope = Scope.of(g)) {
      Tensor weights =
          scope.own(Pointwise.detached(g, rows * places, DataType.FP32, "weights of positions"));
      Tensor wide =
          scope.own(Pointwise.cast(g, table, DataType.FP32, "table of positions in fp32"));
      Tensor left = scope.own(Pointwise.lowered(g, weights));
      Tensor right = scope.own(Pointwise.lowered(g, wide));
      Tensor product =
          Matrix.matmul(g, left, right, rows, size, "positions in fp32", Category.ACTIVATIONS);
      return g.rebind(product, Pointwise.cast(g, product, table.dtype(), "positions"));
    }
  }

  /**
   * {@code interpolate} of a table, image by image, copied into rows of so many elements; one that
   * is trained has its rows' gradient copied as each image's is cut out ({@code CopySlices}).
   */
  static Tensor stretched(Graph g, Tensor table, long elements, long images) {
    long each = elements / images;
    Node node =
        g.node(
            STRETCH,
            (graph, n) -> {
              Tensor copy =
                  graph.allocate(
                      STRETCH, "gradients", Category.TEMPORARIES, elements, n.gradient().dtype());
              n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              graph.release(copy);
            },
            table);
    Tensor rows = g.output("positions", Category.ACTIVATIONS, elements, table.dtype(), node);
    g.release(g.allocate(STRETCH, "positions", Category.TEMPORARIES, each, table.dtype()));
    return rows;
  }

  /** {@code interpolate} to the nearest: saves nothing. The argument stays the caller's. */
  static Tensor nearest(Graph g, Tensor x, long elements) {
    Node node = g.node(NEAREST, Pointwise.LIKE_INPUT, x);
    return g.output("stretched features", Category.ACTIVATIONS, elements, x.dtype(), node);
  }

  /** Rows times weights in fp32, of which there is one a row: too few to count. */
  static Tensor weighted(Graph g, Tensor rows) {
    Node node = g.node(Aten.MUL, Pointwise.LIKE_INPUT, rows);
    return g.output(
        "positions in fp32", Category.ACTIVATIONS, rows.elements(), DataType.FP32, node);
  }

  /**
   * Rows in another order: {@code index}, whose gradient is put into zeros. Takes over the
   * argument.
   */
  public static Tensor reordered(Graph g, Tensor x) {
    return g.rebind(x, indexed(g, x, x.elements(), "reordered patches"));
  }

  /** {@code x[rows]}; the argument stays the caller's. */
  public static Tensor indexed(Graph g, Tensor x, long elements, String name) {
    Node node = g.node(Aten.INDEX, Pointwise.LIKE_INPUT, x);
    return g.output(name, Category.ACTIVATIONS, elements, x.dtype(), node);
  }

  /** Tokens of sound that show no silence, of {@code x}, which it takes over. */
  public static Tensor chosen(Graph g, Tensor x, long elements) {
    return g.rebind(x, indexed(g, x, elements, "tokens of sound"));
  }

  /** {@code cat(split(x))}: a copy, and another of the gradient. Takes over the argument. */
  public static Tensor together(Graph g, Tensor x) {
    Tensor parts = ShapeOps.divided(g, x);
    return g.rebind(parts, ShapeOps.concatenate(g, "tokens of images", parts));
  }

  /**
   * {@code pixel_shuffle}: two copies in another order, whose gradients are copied back. Takes over
   * the argument.
   */
  public static Tensor shuffled(Graph g, Tensor x) {
    Tensor current = x;
    for (int i = 0; i < 2; i++) {
      Tensor turned = ShapeOps.viewByHeads(g, current);
      current = g.rebind(turned, Pointwise.copy(g, turned, "shuffled patches"));
    }
    return current;
  }

  /**
   * {@code unfold} of each image, which reads a copy (aten/src/ATen/native/cuda/Im2Col.cu), of a
   * tensor divided by images. Takes over the argument.
   */
  public static Tensor unfolded(Graph g, Tensor x, long images) {
    Tensor parts = ShapeOps.divided(g, x);
    long each = x.elements() / images;
    g.release(g.allocate(UNFOLD, "patches by feature", Category.TEMPORARIES, each, x.dtype()));
    Node node =
        g.node(
            UNFOLD,
            (graph, n) -> {
              n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              DataType dtype = n.gradient().dtype();
              graph.release(
                  graph.allocate(UNFOLD, "unfolded gradients", Category.TEMPORARIES, each, dtype));
            },
            parts);
    return g.rebind(
        parts, g.output("unfolded patches", Category.ACTIVATIONS, x.elements(), x.dtype(), node));
  }

  /** {@code avg_pool2d}: saves its input. */
  public static Tensor pooled(Graph g, Tensor x, long elements) {
    Node node = g.node(POOL, Pointwise.LIKE_INPUT, x);
    g.save(node, x);
    return g.output("pooled patches", Category.ACTIVATIONS, elements, x.dtype(), node);
  }

  /**
   * {@code embeddings.masked_scatter(mask, features)}: saves the mask, which is expanded over
   * features. The kernel counts with a number an element (aten/src/ATen/native/cuda/
   * IndexKernel.cpp masked_scatter__cuda), and copies the mask to read it.
   *
   * @param tokens of the batch
   */
  public static Tensor scattered(Graph g, Tensor embeddings, Tensor features, long tokens) {
    Tensor mask = g.allocate(SCATTER, "image mask", Category.OTHER, tokens, DataType.BOOL);
    try (Scope scope = Scope.of(g)) {
      scope.own(mask);
      Node node = g.node(SCATTER, VisionOps::apart, embeddings, features);
      g.save(node, mask);
      Tensor result =
          g.output(
              "hidden states",
              Category.ACTIVATIONS,
              embeddings.elements(),
              embeddings.dtype(),
              node);
      long each = embeddings.elements();
      scope.own(g.allocate(SCATTER, "image counts", Category.TEMPORARIES, each, DataType.INT64));
      scope.own(g.allocate(SCATTER, "image mask", Category.TEMPORARIES, each, DataType.BOOL));
      return result;
    }
  }

  /** The gradient with zeros where images are, and what stands there. */
  private static void apart(Graph g, Node n) {
    n.outgoing[0] = n.wants(0) ? Pointwise.gradientLike(g, n.inputs[0]) : null;
    n.outgoing[1] = n.wants(1) ? Pointwise.gradientLike(g, n.inputs[1]) : null;
  }

  /**
   * Adds features to the tokens of images in a copy of the hidden states, which it takes over
   * (transformers Qwen3VLTextModel._deepstack_process). The features stay the caller's.
   */
  public static Tensor enriched(Graph g, Tensor hidden, Tensor features) {
    Tensor copy = g.rebind(hidden, Pointwise.copy(g, hidden, "hidden states"));
    Tensor part = indexed(g, copy, features.elements(), "hidden states of images");
    return put(g, copy, part, features);
  }

  /**
   * The same in the hidden states themselves, whose tokens are copied twice
   * (mcore_bridge/model/mm_gpts/qwen3_vl.py, _deepstack_process).
   */
  public static Tensor enrichedInPlace(Graph g, Tensor hidden, Tensor features) {
    Tensor part = indexed(g, hidden, features.elements(), "hidden states of images");
    Tensor copy = g.rebind(part, Pointwise.copy(g, part, "hidden states of images"));
    return put(g, hidden, copy, features);
  }

  /** Writes the sum of {@code part} and features into {@code hidden}; takes over both. */
  private static Tensor put(Graph g, Tensor hidden, Tensor part, Tensor features) {
    Tensor sum = g.rebind(part, Pointwise.add(g, part, features, "hidden states of images"));
    Node put = g.node(PUT, VisionOps::apart, hidden, sum);
    Tensor result = put == null ? hidden : g.withSource(hidden, put);
    g.release(sum);
    return result;
  }

  /**
   * States behind several layers, so many elements of each, beside each other
   * (VipLlavaModel.get_image_features leaves class tokens out).
   *
   * @param last which it takes over
   * @param inner which stay the caller's
   */
  public static Tensor sideBySide(Graph g, Tensor last, List<Tensor> inner, long kept) {
    try (Scope frame = Scope.of(g)) {
      Tensor[] cut = new Tensor[inner.size() + 1];
      cut[0] = frame.own(ShapeOps.slice(g, last, kept));
      for (int i = 0; i < inner.size(); i++) {
        cut[i + 1] = frame.own(ShapeOps.slice(g, inner.get(i).hold(), kept));
      }
      return frame.result(ShapeOps.concatenate(g, "states of layers", cut));
    }
  }
}
