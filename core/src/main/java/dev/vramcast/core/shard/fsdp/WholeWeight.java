package dev.vramcast.core.shard.fsdp;

import dev.vramcast.core.autograd.Gradients;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A frozen head whose weight is read while its own forward pass never runs, so that its group is
 * not gathered: {@code DTensor.full_tensor} makes the whole weight, which the loss keeps for its
 * backward pass.
 */
final class WholeWeight implements ShardUnit {

  private static final Operation GATHER =
      Operation.of(
          "_c10d_functional::all_gather_into_tensor",
          "torch/distributed/tensor/_api.py DTensor.full_tensor");

  private final FullyShardedUnit unit;
  private final Deque<Tensor> whole = new ArrayDeque<>();

  /** Nothing is gathered yet. */
  WholeWeight(FullyShardedUnit unit) {
    this.unit = unit;
  }

  @Override
  public Tensor enter(Tensor input) {
    Graph g = unit.graph();
    g.site().operation(GATHER);
    Tensor gathered =
        g.allocate(
            "gathered parameters", Category.GATHERED, unit.wholeElements(), unit.keptDtype());
    whole.push(gathered);
    return g.gradEnabled() ? Gradients.onArrival(g, input, this::drop) : input;
  }

  @Override
  public Tensor leave(Tensor output) {
    if (!unit.graph().gradEnabled()) {
      drop();
    }
    return output;
  }

  private void drop() {
    unit.graph().release(whole.pop());
  }
}
