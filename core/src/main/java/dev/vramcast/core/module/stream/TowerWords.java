package dev.vramcast.core.module.stream;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * Words of an encoder beside the language model, in place of which another word is looked up for
 * every other token (transformers gemma3n/modeling_gemma3n.py Gemma3nModel.forward,
 * Gemma3nMultimodalEmbedder.forward).
 */
public record TowerWords(
    Tower.Words words,
    Parameter table,
    Norms norm,
    Projection projection,
    Norms after,
    StepSettings settings) {

  private static final String IDS = "ids of words";

  /** Puts those of all towers onto the trace. */
  static List<TowerWords> load(
      ModuleFactory modules, Architecture architecture, StepSettings settings) {
    boolean still = settings.job().frozen().contains(FrozenPart.PROJECTORS);
    return architecture.towers().stream()
        .flatMap(tower -> tower.words().stream())
        .map(each -> modules.frozen(still, () -> load(modules, each, settings)))
        .toList();
  }

  private static TowerWords load(ModuleFactory modules, Tower.Words words, StepSettings settings) {
    long rows = words.table().shape().get(0);
    long width = words.table().shape().get(1);
    String name = words.table().module();
    return new TowerWords(
        words,
        modules.embedding(new Embedding(name, rows, width), 1, ""),
        modules.finalNorm(words.norm()),
        modules.projection(words.linear()),
        modules.finalNorm(words.after()),
        settings);
  }

  /** Hidden states of all tokens, this table's words among them; takes over the argument. */
  Tensor among(Graph g, Tensor hidden) {
    long tokens = settings.tokens();
    try (Scope scope = Scope.of(g)) {
      scope.own(hidden);
      Tensor mask = scope.own(Pointwise.detached(g, tokens, DataType.BOOL, "mask of words"));
      scope.own(Pointwise.detached(g, tokens, DataType.INT64, IDS));
      Tensor ids = scope.own(Pointwise.detached(g, tokens, DataType.INT64, IDS));
      Tensor rows = Matrix.embedding(g, table.value(), ids, tokens, words.norm().size());
      Tensor normed = g.rebind(rows, norm.forward(g, rows));
      Tensor made = g.rebind(normed, projection.forward(g, normed));
      Tensor words = g.rebind(made, after.forward(g, made));
      Tensor own = g.rebind(words, Pointwise.cast(g, words, hidden.dtype(), "words"));
      return g.rebind(own, ShapeOps.where(g, mask, own, hidden, "hidden states"));
    }
  }
}
