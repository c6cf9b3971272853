package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import java.util.List;

/**
 * Features of whole sequences (axolotl/core/trainers/ebft/rewards.py extract_hidden_states): what
 * some layers gave, {@code cat} by features, and that {@code cat} with those of other chunks of the
 * batch, of which there are none. What the model has returned is named until both are there.
 */
public record Features(PassHead.Features asked) {

  private static final ModuleScope EXTRACT =
      ModuleScope.outside(
          "features", "axolotl/core/trainers/ebft/rewards.py extract_hidden_states");

  /**
   * As {@link HeadAndLoss#forward}; the caller has the hidden states of all layers.
   *
   * @param head of the model, which runs where logits are asked for
   */
  public HeadAndLoss.Output forward(Graph g, HeadAndLoss head, Tensor hidden, ShardUnit unit) {
    Tensor logits = asked.logits() ? unit.leave(head.logits(g, hidden)) : unit.leave(hidden.hold());
    Tensor features = g.site().within(EXTRACT, () -> taken(g, hidden));
    g.release(logits);
    return new HeadAndLoss.Output(features, List.of(), List.of(), features.elements());
  }

  private Tensor taken(Graph g, Tensor hidden) {
    Tensor beside = beside(g, hidden);
    Tensor whole = beside(g, hidden);
    g.release(beside);
    return whole;
  }

  private Tensor beside(Graph g, Tensor hidden) {
    long elements = asked.layers() * hidden.elements();
    return g.allocate(Aten.CAT, "features", Category.ACTIVATIONS, elements, hidden.dtype());
  }
}
