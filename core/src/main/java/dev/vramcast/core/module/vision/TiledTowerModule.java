package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.vision.TiledTower;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.ModuleScope;
import java.util.List;

/** What a tower that sees all tiles of an image at once does around its layers. */
public record TiledTowerModule(
    ModuleScope scope, TiledTower tower, Vectors vectors, Norms first, Norms middle) {

  private static final String HIDDEN = "hidden states of tiles";

  /** A table and its gate. */
  record Gated(Parameter table, Parameter gate) {

    private static Gated load(ModuleFactory modules, TiledTower.Gated gated) {
      return new Gated(tileTable(modules, gated.table()), modules.layerParameter("gate", 1, 1));
    }

    Tensor tanh(Graph g) {
      return Pointwise.savingResult(g, Aten.TANH, gate.value(), "gates");
    }
  }

  /** Learned vectors among the hidden states. */
  record Vectors(
      Parameter classToken, Gated before, Gated position, Parameter place, Gated behind) {

    private static Vectors load(ModuleFactory modules, TiledTower.Vectors all) {
      return new Vectors(
          modules.layerParameter("class token", all.classToken().count(), 1),
          Gated.load(modules, all.before()),
          Gated.load(modules, all.position()),
          tileTable(modules, all.place()),
          Gated.load(modules, all.behind()));
    }
  }

  private static Parameter tileTable(ModuleFactory modules, ParameterTensor table) {
    return modules.layerParameter(
        "tile embedding", table.count(), rows(table), IdleTower.use(table));
  }

  /** Puts the parameters onto the trace. */
  public static TiledTowerModule load(ModuleFactory modules, TiledTower tower) {
    ModuleScope scope = modules.site().module().own("", "Model.forward");
    return new TiledTowerModule(
        scope,
        tower,
        Vectors.load(modules, tower.vectors()),
        modules.finalNorm(tower.first()),
        modules.finalNorm(tower.middle()));
  }

  private static long rows(ParameterTensor table) {
    return table.shape().get(0);
  }

  /** What the first layer reads, of the patches of so many images, which it takes over. */
  public Tensor embed(Graph g, Tensor patches, long images) {
    try (Scope frame = Scope.of(g, scope)) {
      Tensor hidden = g.rebind(patches, placed(g, patches, vectors.before(), images));
      hidden = g.rebind(hidden, led(g, hidden, images));
      hidden = g.rebind(hidden, positioned(g, hidden));
      hidden = g.rebind(hidden, first.forward(g, hidden));
      long padded = images * tower.sequence() * tower.size().width();
      return frame.result(g.rebind(hidden, ShapeOps.resized(g, hidden, padded, HIDDEN)));
    }
  }

  /** What the first global layer reads; takes over the result of the last local one. */
  public Tensor between(Graph g, Tensor hidden, long images) {
    try (Scope frame = Scope.of(g, scope)) {
      Tensor normalised = g.rebind(hidden, middle.forward(g, hidden));
      return frame.result(g.rebind(normalised, placed(g, normalised, vectors.behind(), images)));
    }
  }

  /** transformers MllamaPrecomputedAspectRatioEmbedding: a vector for each tile. */
  private Tensor placed(Graph g, Tensor hidden, Gated gated, long images) {
    long elements = images * tower.size().tiles() * tower.size().width();
    Tensor rows = VisionOps.positions(g, gated.table().value(), elements);
    try (Scope scope = Scope.of(g)) {
      Tensor gate = scope.own(gated.tanh(g));
      Tensor left = scope.own(g.rebind(rows, Pointwise.mul(g, rows, gate, "positions")));
      return Pointwise.add(g, hidden, left, HIDDEN);
    }
  }

  /** {@code apply_class_embedding}. */
  private Tensor led(Graph g, Tensor hidden, long images) {
    long elements = images * tower.size().tiles() * tower.size().width();
    try (Scope scope = Scope.of(g)) {
      Tensor token = scope.own(ShapeOps.expand(g, vectors.classToken().value().hold(), elements));
      return ShapeOps.concatenate(g, HIDDEN, hidden, token);
    }
  }

  /** transformers MllamaPrecomputedPositionEmbedding. */
  private Tensor positioned(Graph g, Tensor hidden) {
    Gated position = vectors.position();
    try (Scope scope = Scope.of(g)) {
      Tensor gate = scope.own(position.tanh(g));
      Tensor rest = scope.own(Pointwise.scale(g, gate, "gates"));
      Tensor rows =
          scope.own(Pointwise.mulByWeight(g, rest, position.table().value(), "positions"));
      Tensor once = scope.own(Pointwise.add(g, hidden, rows, HIDDEN));
      Tensor places = scope.own(VisionOps.positions(g, vectors.place().value(), hidden.elements()));
      Tensor again = scope.own(position.tanh(g));
      Tensor gated = scope.own(Pointwise.mulByWeight(g, again, places, "positions"));
      return Pointwise.add(g, once, gated, HIDDEN);
    }
  }

  /**
   * The tower's result: the last hidden states and those of inner layers, one behind the other,
   * without padding. Takes over the first; the others stay the caller's.
   */
  public Tensor joined(Graph g, Tensor last, List<Tensor> inner, long images) {
    try (Scope frame = Scope.of(g, scope)) {
      long each = images * tower.states() * tower.size().width();
      Tensor kept = frame.own(ShapeOps.slice(g, last, each));
      Tensor stacked = ShapeOps.concatenate(g, HIDDEN, inner.toArray(Tensor[]::new));
      Tensor cut = frame.own(ShapeOps.slice(g, stacked, inner.size() * each));
      return frame.result(ShapeOps.concatenate(g, "states of images", kept, cut));
    }
  }
}
