package dev.vramcast.core.module;

import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.bias.BiasOps;
import dev.vramcast.core.autograd.bias.SharedRows;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;

/** A row for each distance of two tokens, normalised once for all layers. */
public record DistanceRows(Parameter table, Norms norm) {

  static DistanceRows load(ModuleFactory modules, DistanceTable distances) {
    String name = distances.table().name();
    Embedding table =
        new Embedding(
            name.substring(0, name.lastIndexOf('.')),
            distances.table().shape().get(0),
            distances.table().shape().get(1));
    return new DistanceRows(modules.embedding(table, 1), modules.finalNorm(distances.norm()));
  }

  /** What all layers read of a pass. */
  public void make(Graph g, StepSettings settings, SharedRows rows) {
    long pairs = settings.sequence() * settings.sequence();
    rows.make(
        g,
        norm.forward(g, table.value()),
        BiasOps.wholeNumbers(g, pairs),
        BiasOps.wholeNumbers(g, settings.batch() * pairs));
  }
}
