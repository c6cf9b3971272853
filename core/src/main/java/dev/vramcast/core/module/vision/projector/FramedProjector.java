package dev.vramcast.core.module.vision.projector;

import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.vision.Convolution;
import java.util.Arrays;
import java.util.List;

/**
 * Two convolutions and a linear, image by image, with learned vectors around (transformers
 * HunYuanVLVisionPatchMerger.forward, whose results are named until all images have theirs).
 *
 * @param vectors behind rows, before all and behind all
 */
record FramedProjector(
    Projector.Framed framed,
    Norms before,
    Convolution merging,
    Convolution widening,
    Projection linear,
    List<Parameter> vectors,
    Norms after)
    implements ProjectorPart {

  private static final String TOKENS = "tokens of images";
  private static final String SQUARES = "hidden states of squares";

  static FramedProjector load(ModuleFactory modules, Projector.Framed framed) {
    Norms before = modules.norm(framed.before());
    Convolution merging = Convolution.load(modules, framed.merging());
    Convolution widening = Convolution.load(modules, framed.widening());
    Projection linear = modules.projection(framed.linear());
    List<Parameter> vectors =
        framed.vectors().stream()
            .limit(3)
            .map(each -> modules.layerParameter("vectors around images", each.count(), 1))
            .toList();
    return new FramedProjector(
        framed, before, merging, widening, linear, vectors, modules.norm(framed.after()));
  }

  @Override
  public Tensor forward(Graph g, Tensor patches, ProjectorModule.Batch batch) {
    int images = Math.toIntExact(batch.images());
    long[] each = new long[images];
    Arrays.fill(each, patches.elements() / images);
    try (Scope names = Scope.of(g)) {
      Tensor[] made = new Tensor[images];
      Tensor[] items = names.own(FusedOps.split(g, patches, each));
      for (int i = 0; i < images; i++) {
        made[i] = names.own(framed(g, items[i].hold(), batch.tokens() / images));
      }
      return ShapeOps.concatenate(g, TOKENS, made);
    }
  }

  /** Tokens of an image, whose patches it takes over. */
  private Tensor framed(Graph g, Tensor patches, long tokens) {
    Tensor normed = g.rebind(patches, before.forward(g, patches));
    long squares = normed.elements() / framed.merging().in();
    long wide = framed.widening().out();
    Tensor merged =
        g.rebind(normed, merging.forward(g, normed, squares * framed.merging().out(), SQUARES));
    Tensor active = g.rebind(merged, Activations.apply(g, framed.activation(), merged));
    Tensor cells = g.rebind(active, widening.forward(g, active, squares * wide, SQUARES));
    Tensor rows = g.rebind(cells, ended(g, cells, (tokens - 2 - squares) * wide));
    Tensor made = g.rebind(rows, linear.forward(g, rows));
    return g.rebind(made, around(g, made));
  }

  /** Rows that end with a vector, of which there are so many elements. */
  private Tensor ended(Graph g, Tensor cells, long elements) {
    try (Scope scope = Scope.of(g)) {
      Tensor ends = scope.own(expanded(g, vectors.get(0), cells, elements));
      return ShapeOps.concatenate(g, SQUARES, cells, ends);
    }
  }

  private Tensor around(Graph g, Tensor made) {
    try (Scope scope = Scope.of(g)) {
      Tensor begin = scope.own(expanded(g, vectors.get(1), made, vectors.get(1).elements()));
      Tensor end = scope.own(expanded(g, vectors.get(2), made, vectors.get(2).elements()));
      Tensor whole = scope.own(ShapeOps.concatenate(g, TOKENS, begin, made, end));
      return after.forward(g, whole);
    }
  }

  /** A vector as often as it takes for so many elements, in the dtype of {@code like}. */
  private static Tensor expanded(Graph g, Parameter vector, Tensor like, long elements) {
    Tensor all = ShapeOps.expand(g, vector.value().hold(), elements);
    return g.rebind(all, Pointwise.cast(g, all, like.dtype(), "vectors around images"));
  }
}
