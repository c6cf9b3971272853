package dev.vramcast.core.shard.zero.gather;

/** What hooks on modules tell of a step, of modules by their number and the layer they are in. */
interface ModuleSteps {

  /** The whole model's forward pass begins. */
  void reset();

  /**
   * A module is about to run.
   *
   * @param again in a backward pass, for a checkpoint
   */
  void forward(ModuleId module, boolean again);

  /**
   * A module's forward pass is over.
   *
   * @param again as for {@link #forward}
   */
  void endForward(ModuleId module, boolean again);

  /** The gradient of a module's result is there. */
  void backward(ModuleId module);

  /** The gradient of a module's input is there. */
  void endBackward(ModuleId module);

  /** The backward pass of the whole model is over. */
  void endBackward();

  /** Hooks are put around all modules anew, so that an order that was seen is forgotten. */
  void invalidate();

  /** The optimizer is about to step. */
  void endStep();
}
