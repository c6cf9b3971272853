package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.experts.MixtureFactory;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.module.part.GatedMlpPart;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Patches to tokens of the language model.
 *
 * @param norm null where there is none
 * @param mlp what follows the linears; null as {@code norm}
 * @param resampler what stands in the place of all others; null as {@code norm}
 * @param table of visual words, likewise
 * @param after norm behind the linears, likewise
 */
public record ProjectorModule(
    ModuleScope scope,
    Projector projector,
    @Nullable Norms norm,
    List<Projection> linears,
    @Nullable GatedMlpPart mlp,
    @Nullable ResamplerModule resampler,
    @Nullable Parameter table,
    @Nullable Norms after) {

  /** One of linears alone. */
  private ProjectorModule(
      ModuleScope scope, Projector projector, @Nullable Norms norm, List<Projection> linears) {
    this(scope, projector, norm, linears, null);
  }

  /** One of linears with a norm behind them. */
  private ProjectorModule(
      ModuleScope scope,
      Projector projector,
      @Nullable Norms norm,
      List<Projection> linears,
      @Nullable Norms after) {
    this(scope, projector, norm, linears, null, null, null, after);
  }

  /**
   * What a projector is given.
   *
   * @param images that are given at once, tiles among them
   * @param cells patches of all images, without class tokens
   * @param tokens of all images
   * @param padded some patches show nothing
   */
  public record Batch(long images, long cells, long tokens, boolean padded) {}

  /**
   * Puts the parameters onto the trace.
   *
   * @param shared a linear that is there; null where the projector has its own
   */
  public static ProjectorModule load(
      ModuleFactory modules,
      StepSettings settings,
      Projector projector,
      @Nullable Projection shared) {
    ModuleScope scope = modules.site().module().own("", "MultiModalProjector.forward");
    if (projector instanceof Projector.Pooled pooled) {
      Projection weight = modules.bareProjection(pooled.weight());
      return new ProjectorModule(scope, projector, modules.norm(pooled.norm()), List.of(weight));
    }
    if (projector instanceof Projector.Absent) {
      return new ProjectorModule(scope, projector, null, List.of());
    }
    if (projector instanceof Projector.Resampled resampled) {
      ResamplerModule resampler = ResamplerModule.load(modules, settings, resampled);
      return new ProjectorModule(scope, projector, null, List.of(), null, resampler, null, null);
    }
    if (projector instanceof Projector.Looked looked) {
      long rows = looked.table().shape().get(0);
      Parameter table = modules.layerParameter("visual words", looked.table().count(), rows);
      return new ProjectorModule(scope, projector, null, List.of(), null, null, table, null);
    }
    if (projector instanceof Projector.Merged merged) {
      Norms norm = modules.norm(merged.norm());
      List<Projection> linears = new ArrayList<>(List.of(modules.projection(merged.merging())));
      linears.addAll(modules.projections(merged.perceptron().linears()));
      return new ProjectorModule(scope, projector, norm, linears);
    }
    if (projector instanceof Projector.Gated gated) {
      List<Projection> first = modules.projections(List.of(gated.first()));
      Norms norm = modules.norm(gated.norm());
      GatedMlpPart mlp = new MixtureFactory(modules, settings).gated(gated.mlp());
      return new ProjectorModule(scope, projector, norm, first, mlp, null, null, null);
    }
    if (projector instanceof Projector.Normed normed) {
      Norms before = modules.norm(normed.before());
      Norms after = modules.norm(normed.after());
      Projection linear = shared == null ? modules.projection(normed.linear()) : shared;
      return new ProjectorModule(scope, projector, before, List.of(linear), after);
    }
    if (projector instanceof Projector.Halved halved) {
      Norms norm = halved.norm().map(modules::norm).orElse(null);
      List<Projection> both = modules.projections(List.of(halved.first(), halved.second()));
      return new ProjectorModule(scope, projector, norm, both);
    }
    Projector.Perceptron perceptron = inRelease((Projector.Perceptron) projector, settings);
    Norms norm = perceptron.norm().map(modules::norm).orElse(null);
    return new ProjectorModule(scope, perceptron, norm, modules.projections(perceptron.linears()));
  }

  private static Projector.Perceptron inRelease(
      Projector.Perceptron perceptron, StepSettings settings) {
    boolean apart =
        perceptron.gathering() == Projector.Gathering.SQUARES_BY_NUMBER
            && !settings.code().seesImagesAtOnce();
    return apart
        ? new Projector.Perceptron(
            perceptron.norm(),
            perceptron.linears(),
            perceptron.activation(),
            Projector.Gathering.SQUARES_OF_IMAGES)
        : perceptron;
  }

  /** Tokens of all images; takes over the patches. */
  public Tensor forward(Graph g, Tensor patches, Batch batch) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(projected(g, patches, batch));
    }
  }

  private Tensor projected(Graph g, Tensor patches, Batch batch) {
    if (projector instanceof Projector.Pooled pooled) {
      return pooled(g, patches, batch.tokens() * pooled.weight().in());
    }
    if (projector instanceof Projector.Absent) {
      return patches;
    }
    if (resampler != null) {
      return resampler.forward(g, patches, batch.cells(), batch.padded());
    }
    if (table != null) {
      return looked(g, patches, (Projector.Looked) projector, table.value(), batch.tokens());
    }
    if (projector instanceof Projector.Merged merged) {
      return merged(g, merged, patches, batch);
    }
    if (projector instanceof Projector.Normed) {
      return normed(g, patches, batch.images());
    }
    if (projector instanceof Projector.Gated) {
      return gated(g, patches);
    }
    if (projector instanceof Projector.Halved) {
      return halved(g, patches);
    }
    Projector.Perceptron perceptron = (Projector.Perceptron) projector;
    if (perceptron.gathering() == Projector.Gathering.SQUARES_BY_IMAGE) {
      return byImage(g, perceptron, patches);
    }
    if (perceptron.gathering() == Projector.Gathering.SQUARES_BY_NUMBER) {
      return byNumber(g, perceptron, patches, batch.tokens());
    }
    Tensor gathered = gathered(g, perceptron, patches, batch);
    Tensor hidden = norm == null ? gathered : g.rebind(gathered, norm.forward(g, gathered));
    return linears(g, perceptron, hidden, 0);
  }

  /** transformers Gemma3MultiModalProjector: the patches are turned round to be pooled. */
  private Tensor pooled(Graph g, Tensor patches, long elements) {
    Tensor turned = g.rebind(patches, Pointwise.copy(g, patches, "patches by feature"));
    Tensor pooled = g.rebind(turned, VisionOps.pooled(g, turned, elements));
    Tensor input = norm == null ? pooled : g.rebind(pooled, norm.forward(g, pooled));
    return g.rebind(input, linears.get(0).forward(g, input));
  }

  /** transformers Mistral3PatchMerger: its list of unfolded images is alive until it returns. */
  private Tensor merged(Graph g, Projector.Merged merged, Tensor patches, Batch batch) {
    Tensor input = norm == null ? patches : g.rebind(patches, norm.forward(g, patches));
    Tensor merging;
    try (Scope scope = Scope.of(g)) {
      Tensor unfolded = scope.own(VisionOps.unfolded(g, input, batch.images()));
      Tensor squares = ShapeOps.concatenate(g, "merged patches", unfolded);
      merging = g.rebind(squares, linears.get(0).forward(g, squares));
    }
    return linears(g, merged.perceptron(), merging, 1);
  }

  /** transformers Ovis2Model.get_image_features, whose outputs hold probabilities until then. */
  private static Tensor looked(
      Graph g, Tensor words, Projector.Looked looked, Tensor table, long tokens) {
    try (Scope names = Scope.of(g)) {
      names.own(words);
      Tensor silent =
          names.own(Pointwise.detached(g, tokens * looked.marks(), words.dtype(), "marks"));
      Tensor all = names.own(ShapeOps.concatenate(g, "visual words", words, silent));
      Tensor left = names.own(Pointwise.lowered(g, all));
      Tensor right = names.own(Pointwise.lowered(g, table));
      Category kind = Category.ACTIVATIONS;
      Tensor made = Matrix.matmul(g, left, right, tokens, looked.width(), "tokens of images", kind);
      // Words that mark tiles are looked up in it, which gives it a gradient of its whole size.
      return ShapeOps.attach(g, made, table);
    }
  }

  /** {@code x, gate = linear_1(...).chunk(2)}, then {@code linear_2(act(gate) * x)}. */
  private Tensor halved(Graph g, Tensor patches) {
    Tensor squares = VisionOps.shuffled(g, patches);
    Tensor input = norm == null ? squares : g.rebind(squares, norm.forward(g, squares));
    Tensor both = g.rebind(input, linears.get(0).forward(g, input));
    long half = both.elements() / 2;
    Tensor[] halves = FusedOps.split(g, both, half, half);
    try (Scope scope = Scope.of(g)) {
      scope.own(halves);
      Tensor gate = scope.own(Activations.apply(g, Activation.SILU, halves[1]));
      Tensor gated = scope.own(Pointwise.mul(g, gate, halves[0], "gated squares"));
      return linears.get(1).forward(g, gated);
    }
  }

  /** States of one image lie feature by feature, and those of several are read as a copy. */
  private Tensor normed(Graph g, Tensor states, long images) {
    Tensor normed = g.rebind(states, Objects.requireNonNull(norm).forward(g, states));
    Tensor read =
        images == 1 ? normed : g.rebind(normed, Pointwise.copy(g, normed, "states row by row"));
    Tensor made = g.rebind(read, linears.get(0).forward(g, read));
    return g.rebind(made, Objects.requireNonNull(after).forward(g, made));
  }

  private Tensor gated(Graph g, Tensor squares) {
    Tensor first = g.rebind(squares, linears.get(0).forward(g, squares));
    Tensor normed = g.rebind(first, Objects.requireNonNull(norm).forward(g, first));
    Tensor active = g.rebind(normed, Activations.apply(g, Activation.GELU, normed));
    return g.rebind(active, Objects.requireNonNull(mlp).forward(g, active));
  }

  /** transformers PaddleOCRProjector, whose images all have names until it returns. */
  private Tensor byImage(Graph g, Projector.Perceptron perceptron, Tensor patches) {
    Tensor parts = ShapeOps.divided(g, patches);
    Tensor normed = g.rebind(parts, Objects.requireNonNull(norm).forward(g, parts));
    Tensor squares = g.rebind(normed, Pointwise.copy(g, normed, "squares of patches"));
    Tensor tokens = linears(g, perceptron, squares, 0);
    return g.rebind(tokens, ShapeOps.concatenate(g, "tokens of images", tokens));
  }

  /** transformers Lfm2VlModel.get_image_features, which names the squares until it returns. */
  private Tensor byNumber(Graph g, Projector.Perceptron perceptron, Tensor patches, long tokens) {
    try (Scope names = Scope.of(g)) {
      names.own(patches);
      Tensor taken =
          names.own(VisionOps.indexed(g, patches, patches.elements(), "squares of patches"));
      Tensor squares = Pointwise.copy(g, taken, "squares of patches");
      Tensor input = norm == null ? squares : g.rebind(squares, norm.forward(g, squares));
      Tensor all = linears(g, perceptron, input, 0);
      long width = perceptron.linears().get(linears.size() - 1).out();
      return VisionOps.chosen(g, all, tokens * width);
    }
  }

  private Tensor gathered(Graph g, Projector.Perceptron perceptron, Tensor patches, Batch batch) {
    long cells = batch.cells() * patches.elements() / patchesOf(batch, perceptron);
    return switch (perceptron.gathering()) {
      case IN_ORDER, SQUARES_BY_IMAGE, SQUARES_BY_NUMBER -> patches;
      case SQUARES_OF_IMAGES -> {
        long square = perceptron.linears().get(0).in();
        Tensor shown = ShapeOps.slice(g, patches, batch.tokens() * square);
        yield g.rebind(shown, Pointwise.copy(g, shown, "squares of patches"));
      }
      case WITHOUT_CLASS -> {
        Tensor kept = ShapeOps.slice(g, patches, cells);
        // A linear with a bias reads a part of several images as a copy (at::linear).
        yield batch.images() == 1
            ? kept
            : g.rebind(kept, Pointwise.copy(g, kept, "patches without class"));
      }
      case SHUFFLED -> VisionOps.shuffled(g, patches);
      case SHUFFLED_WITHOUT_CLASS -> VisionOps.shuffled(g, ShapeOps.slice(g, patches, cells));
    };
  }

  /** Hidden states of all images, class tokens among them. */
  private static long patchesOf(Batch batch, Projector.Perceptron perceptron) {
    boolean cuts =
        perceptron.gathering() == Projector.Gathering.WITHOUT_CLASS
            || perceptron.gathering() == Projector.Gathering.SHUFFLED_WITHOUT_CLASS;
    return batch.cells() + (cuts ? batch.images() : 0);
  }

  private Tensor linears(Graph g, Projector.Perceptron perceptron, Tensor input, int first) {
    Tensor hidden = input;
    for (int i = first; i < linears.size(); i++) {
      hidden = g.rebind(hidden, linears.get(i).forward(g, hidden));
      if (i < linears.size() - 1) {
        hidden = g.rebind(hidden, Activations.apply(g, perceptron.activation(), hidden));
      }
    }
    return hidden;
  }
}
