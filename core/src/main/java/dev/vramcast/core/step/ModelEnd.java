package dev.vramcast.core.step;

import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;

/**
 * The head's unit where the model returns logits and the training loop computes the loss: the
 * forward pass of the whole model ends with the head, and its backward pass begins when the
 * gradient of the logits is there.
 */
record ModelEnd(Graph graph, ShardUnit head, Sharding sharding) implements ShardUnit {

  @Override
  public Tensor enter(Tensor input) {
    return head.enter(input);
  }

  @Override
  public Tensor leave(Tensor output) {
    Tensor logits = head.leave(output);
    sharding.afterForward();
    return BackwardPass.onArrival(graph, logits, sharding::beforeBackward);
  }
}
