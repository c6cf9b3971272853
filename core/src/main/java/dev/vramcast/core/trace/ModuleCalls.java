package dev.vramcast.core.trace;

/** What hooks on a model's modules see of a step. */
public interface ModuleCalls {

  /** Nobody looks. */
  ModuleCalls NONE = new ModuleCalls() {};

  /** The forward pass of a module is about to run. */
  default void begins(ModuleScope module) {}

  /**
   * The forward pass of a module has been left.
   *
   * @param returned it has run to its end, and not been broken off
   */
  default void ends(ModuleScope module, boolean returned) {}

  /**
   * Whether what goes into a module passes a node of its own, so that gradients of parameters are
   * complete before what goes out of the module's own nodes is added up.
   */
  default boolean addsNodes() {
    return false;
  }

  /** A gradient is about to be computed of what this module's forward pass has made. */
  default void gradient(ModuleScope module) {}
}
