package dev.vramcast.core.module.experts;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.part.GatedMlpPart;
import dev.vramcast.core.trace.ModuleScope;

/**
 * The MLP that every token visits.
 *
 * @param scope the module's, which hooks surround
 */
record SharedMlp(ModuleScope scope, GatedMlpPart mlp) {

  /** Its outputs; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor x) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(mlp.forward(g, x));
    }
  }
}
