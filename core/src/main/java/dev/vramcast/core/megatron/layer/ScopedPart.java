package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.ModuleScope;

/** A part of a layer with the module that it is. */
record ScopedPart(ModuleScope scope, Part part) implements Part {

  @Override
  public Tensor forward(Graph g, Tensor x) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(part.forward(g, x));
    }
  }
}
