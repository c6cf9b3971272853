package dev.vramcast.core.shard.fsdp;

import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.Operation;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A head whose weight is read while its own forward pass never runs, so that its group is not
 * gathered: {@code DTensor.full_tensor} makes the whole weight, which the loss keeps for its
 * backward pass; a trained one's gradient is divided when it is there.
 */
final class WholeWeight implements ShardUnit {

  private static final Operation GATHER =
      Operation.of(
          "_c10d_functional::all_gather_into_tensor",
          "torch/distributed/tensor/_api.py DTensor.full_tensor");

  private static final Operation DIVIDE =
      Operation.of(
          "aten::clone", "torch/distributed/tensor/_redistribute.py redistribute_local_tensor");

  private final FullyShardedUnit unit;
  private final Deque<Tensor> whole = new ArrayDeque<>();

  /** Nothing is gathered yet. */
  WholeWeight(FullyShardedUnit unit) {
    this.unit = unit;
  }

  @Override
  public Tensor enter(Tensor input) {
    Graph g = unit.graph();
    whole.push(unit.readWhole(GATHER));
    return g.gradEnabled() ? BackwardPass.onArrival(g, input, this::end) : input;
  }

  @Override
  public Tensor leave(Tensor output) {
    if (!unit.graph().gradEnabled()) {
      drop();
    }
    return output;
  }

  private void end() {
    drop();
    unit.divideGradients(DIVIDE);
  }

  private void drop() {
    unit.graph().release(whole.pop());
  }
}
