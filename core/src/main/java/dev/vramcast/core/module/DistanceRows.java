package dev.vramcast.core.module;

import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.autograd.sequence.BiasOps;
import dev.vramcast.core.autograd.sequence.SharedRows;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import org.jspecify.annotations.Nullable;

/**
 * A row for each distance of two tokens.
 *
 * @param heads numbers of a row
 * @param norm of rows that layers project; null where they have none
 * @param ofHeads a row has a number for each head
 */
public record DistanceRows(Parameter table, long heads, @Nullable Norms norm, boolean ofHeads) {

  static DistanceRows load(ModuleFactory modules, DistanceTable distances) {
    String name = distances.table().name();
    long width = distances.table().shape().get(1);
    Embedding table =
        new Embedding(
            name.substring(0, name.lastIndexOf('.')), distances.table().shape().get(0), width);
    return new DistanceRows(
        modules.embedding(table, 1, ""),
        width,
        distances.norm().map(modules::finalNorm).orElse(null),
        distances.ofHeads());
  }

  /** What all layers read of a pass. */
  public void make(Graph g, StepSettings settings, SharedRows rows) {
    long pairs = settings.sequence() * settings.sequence();
    if (ofHeads) {
      rows.make(g, ofHeads(g, pairs, settings.batch()));
      return;
    }
    Tensor all = table.value();
    rows.make(
        g,
        norm == null ? all.hold() : norm.forward(g, all),
        BiasOps.wholeNumbers(g, pairs),
        BiasOps.wholeNumbers(g, settings.batch() * pairs));
  }

  /** A number for each head and pair, copied for each sequence. */
  private Tensor ofHeads(Graph g, long pairs, long batch) {
    Tensor bias = BiasOps.byDistance(g, table.value(), pairs, heads);
    Tensor all = ShapeOps.expand(g, bias, pairs * heads * batch);
    return g.rebind(all, Pointwise.copy(g, all, "attention bias"));
  }
}
