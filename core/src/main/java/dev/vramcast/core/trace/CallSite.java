package dev.vramcast.core.trace;

import java.util.function.Supplier;

/** The module that runs and its operation: what is allocated next is theirs. */
public final class CallSite {

  private ModuleScope module = ModuleScope.MODEL;
  private Operation operation = Operation.NONE;
  private ModuleCalls calls = ModuleCalls.NONE;

  /** Who looks at modules as they run. */
  public ModuleCalls calls() {
    return calls;
  }

  /** From now on, who looks at modules as they run. */
  public void calls(ModuleCalls looking) {
    calls = looking;
  }

  public ModuleScope module() {
    return module;
  }

  public Operation operation() {
    return operation;
  }

  /** From now on this operation runs, until another begins or the module is left. */
  public void operation(Operation next) {
    operation = next;
  }

  /** Runs the code of a module. */
  public <T> T within(ModuleScope scope, Supplier<T> body) {
    ModuleScope outerModule = module;
    Operation outerOperation = operation;
    set(scope, Operation.NONE);
    T result = body.get();
    set(outerModule, outerOperation);
    return result;
  }

  /** As {@link #within(ModuleScope, Supplier)}, of code without a result. */
  public void within(ModuleScope scope, Runnable body) {
    ModuleScope outerModule = module;
    Operation outerOperation = operation;
    set(scope, Operation.NONE);
    body.run();
    set(outerModule, outerOperation);
  }

  /** An operation of another module runs from now on. */
  public void set(ModuleScope scope, Operation next) {
    module = scope;
    operation = next;
  }
}
