package dev.vramcast.core.shard.zero;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.trace.ModuleScope;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;

/**
 * Trained parameters of modules within which no other has hooks: all gradients of one wait until
 * its backward pass is over (deepspeed/runtime/zero/stage3.py reduce_leaf_module_grads).
 */
final class LeafGradients {

  private final IdentityHashMap<ModuleScope, List<Parameter>> parameters = new IdentityHashMap<>();

  void add(ModuleScope leaf, Parameter parameter) {
    parameters.computeIfAbsent(leaf, l -> new ArrayList<>()).add(parameter);
  }

  /** The backward pass of a leaf is over. */
  void take(ModuleScope leaf, Consumer<Parameter> reduction) {
    parameters.getOrDefault(leaf, List.of()).stream()
        .filter(Parameter::hasGradient)
        .forEach(reduction);
  }

  /** That of the model is, in which some leaf may not have been left. */
  void takeAll(Consumer<Parameter> reduction) {
    parameters.keySet().forEach(leaf -> take(leaf, reduction));
  }
}
