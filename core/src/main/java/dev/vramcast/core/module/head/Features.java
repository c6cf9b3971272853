package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.PassHead.Features.Taking;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * Features of whole sequences (axolotl/core/trainers/ebft/rewards.py extract_hidden_states): what
 * some layers gave, {@code cat} by features, and that {@code cat} with those of other chunks of the
 * batch, of which there are none. What the model has returned is named until both are there. Or
 * those of blocks of a text (strided.py _compute_block_rewards).
 */
public record Features(PassHead.Features asked) {

  private static final ModuleScope SCALE =
      ModuleScope.outside(
          "features", "axolotl/core/trainers/ebft/strided.py _compute_block_rewards");

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
    if (asked.way() != Taking.BARE) {
      int layers = head.architecture().layerCount();
      return g.site().within(SCALE, () -> scaled(g, hidden, logits, layers));
    }
    Tensor features = g.site().within(EXTRACT, () -> taken(g, hidden));
    g.release(logits);
    return new HeadAndLoss.Output(features, List.of(), List.of(), features.elements());
  }

  /**
   * Each layer's by itself, then {@code cat}. Of outputs that accelerate makes fp32, states of all
   * layers become so before what the model returned is dropped. What becomes of features after that
   * is smaller, and left out.
   */
  private HeadAndLoss.Output scaled(Graph g, Tensor hidden, Tensor logits, int layers) {
    boolean widens = asked.way() == Taking.SCALED_OUTPUTS;
    DataType dtype = widens ? DataType.FP32 : hidden.dtype();
    try (Scope scope = Scope.of(g)) {
      if (widens && hidden.dtype() != dtype) {
        try (Scope outputs = Scope.of(g)) {
          outputs.own(logits);
          outputs.own(Pointwise.detachedCast(g, logits, dtype, "logits in fp32"));
          outputs.own(states(g, hidden, layers + 1 - asked.layers(), dtype));
          scope.own(states(g, hidden, asked.layers(), dtype));
        }
      } else {
        g.release(logits);
      }
      scope.own(states(g, hidden, asked.layers(), dtype));
      scope.own(states(g, hidden, asked.layers(), dtype));
    }
    Tensor rewards = g.allocate("rewards", Category.OTHER, 1, DataType.FP32);
    return new HeadAndLoss.Output(rewards, List.of(), List.of(), 1);
  }

  private static Tensor states(Graph g, Tensor hidden, int count, DataType dtype) {
    long elements = count * hidden.elements();
    return g.allocate(Aten.TO_COPY, "features", Category.ACTIVATIONS, elements, dtype);
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
