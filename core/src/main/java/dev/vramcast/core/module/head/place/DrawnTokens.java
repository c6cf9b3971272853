package dev.vramcast.core.module.head.place;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.head.HeadAndLoss;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * A token at each of some places of a sequence, drawn from logits of all its tokens
 * (axolotl/core/trainers/ebft/strided.py _generate_strided_blocks). Whole logits are named on by
 * the loop until those of its next turn are there, and so is what tokens are drawn from.
 */
public record DrawnTokens(PassHead.DrawnTokens asked) {

  private static final ModuleScope SAMPLE =
      ModuleScope.outside(
          "sampling", "axolotl/core/trainers/ebft/strided.py _generate_strided_blocks");

  private static final Operation DIV = Operation.of("aten::div");

  /** As {@link HeadAndLoss#forward}; the head is that of the model. */
  public HeadAndLoss.Output forward(
      Graph g, HeadAndLoss head, Tensor hidden, ShardUnit unit, Runnable returned) {
    Tensor narrow = unit.leave(head.logits(g, hidden));
    returned.run();
    boolean widens = head.settings().outputsInFp32();
    DataType dtype = widens ? DataType.FP32 : narrow.dtype();
    Tensor logits = Pointwise.detachedCast(g, narrow, dtype, "logits in fp32");
    g.release(narrow);
    return g.site().within(SAMPLE, () -> drawn(g, head, logits));
  }

  private HeadAndLoss.Output drawn(Graph g, HeadAndLoss head, Tensor logits) {
    long places = head.settings().batch() * asked.places();
    long words = head.architecture().vocabularySize();
    Tensor chosen = scores(g, Aten.INDEX, places * words, logits.dtype());
    Tensor scaled = scores(g, DIV, places * words, logits.dtype());
    g.release(chosen);
    Tensor shares = scores(g, Aten.SOFTMAX, places * words, logits.dtype());
    Tensor tokens = g.allocate("inputs", Category.OTHER, places, DataType.INT64);
    if (asked.named()) {
      return new HeadAndLoss.Output(tokens, List.of(), List.of(logits, scaled, shares), places);
    }
    List.of(logits, scaled, shares).forEach(g::release);
    return new HeadAndLoss.Output(tokens, List.of(), List.of(), places);
  }

  private static Tensor scores(Graph g, Operation operation, long elements, DataType dtype) {
    return g.allocate(operation, "probabilities", Category.LOGITS_AND_LOSS, elements, dtype);
  }
}
