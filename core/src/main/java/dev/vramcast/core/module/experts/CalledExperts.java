package dev.vramcast.core.module.experts;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.ModuleScope;

/**
 * Experts that are a module of their own, which hooks surround: what they gather goes before the
 * block runs on (transformers/models/deepseek_v3/modeling_deepseek_v3.py DeepseekV3MoE.forward).
 *
 * @param scope the module's
 */
record CalledExperts(ModuleScope scope, Experts experts) implements Experts {

  @Override
  public Tensor forward(Graph g, Tensor x, Router.Choice choice) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(experts.forward(g, x, choice));
    }
  }
}
