package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.trace.ModuleScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Patches to tokens of the language model.
 *
 * @param norm null where there is none
 */
public record ProjectorModule(
    ModuleScope scope, Projector projector, @Nullable Norms norm, List<Projection> linears) {

  /** Puts the parameters onto the trace. */
  public static ProjectorModule load(ModuleFactory modules, Projector projector) {
    ModuleScope scope = modules.site().module().own("", "MultiModalProjector.forward");
    if (projector instanceof Projector.Pooled pooled) {
      Projection weight = modules.bareProjection(pooled.weight());
      return new ProjectorModule(scope, projector, modules.norm(pooled.norm()), List.of(weight));
    }
    Projector.Perceptron perceptron = (Projector.Perceptron) projector;
    Norms norm = perceptron.norm().map(modules::norm).orElse(null);
    return new ProjectorModule(scope, projector, norm, modules.projections(perceptron.linears()));
  }

  /** Tokens of all images; takes over the patches. */
  public Tensor forward(Graph g, Tensor patches, long tokens) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(projected(g, patches, tokens));
    }
  }

  private Tensor projected(Graph g, Tensor patches, long tokens) {
    return projector instanceof Projector.Perceptron perceptron
        ? perceptron(g, perceptron, patches)
        : pooled(g, patches, tokens * ((Projector.Pooled) projector).weight().in());
  }

  /** transformers Gemma3MultiModalProjector: the patches are turned round to be pooled. */
  private Tensor pooled(Graph g, Tensor patches, long elements) {
    Tensor turned = g.rebind(patches, Pointwise.copy(g, patches, "patches by feature"));
    Tensor pooled = g.rebind(turned, VisionOps.pooled(g, turned, elements));
    Tensor input = norm == null ? pooled : g.rebind(pooled, norm.forward(g, pooled));
    return g.rebind(input, linears.get(0).forward(g, input));
  }

  private Tensor perceptron(Graph g, Projector.Perceptron perceptron, Tensor patches) {
    Tensor hidden = norm == null ? patches : g.rebind(patches, norm.forward(g, patches));
    for (int i = 0; i < linears.size(); i++) {
      hidden = g.rebind(hidden, linears.get(i).forward(g, hidden));
      if (i < linears.size() - 1) {
        hidden = g.rebind(hidden, Activations.apply(g, perceptron.activation(), hidden));
      }
    }
    return hidden;
  }
}
