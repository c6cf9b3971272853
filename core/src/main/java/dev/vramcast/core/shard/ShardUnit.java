package dev.vramcast.core.shard;

import dev.vramcast.core.autograd.Tensor;

/** Modules whose parameters are gathered together before they run and given up afterwards. */
public interface ShardUnit {

  /** Modules whose parameters are always there, or come with a unit around this one. */
  ShardUnit NONE = new ShardUnit() {};

  /** The modules are about to run on {@code input}; takes over the reference. */
  default Tensor enter(Tensor input) {
    return input;
  }

  /** The modules have made {@code output}; takes over the reference. */
  default Tensor leave(Tensor output) {
    return output;
  }
}
