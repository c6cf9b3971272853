package dev.vramcast.core.shard.zero;

import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.shard.ShardUnit;

/** What follows the layers, before which something happens in a forward pass. */
record LayersEnd(Runnable before) implements ShardUnit {

  @Override
  public Tensor enter(Tensor input) {
    before.run();
    return input;
  }
}
