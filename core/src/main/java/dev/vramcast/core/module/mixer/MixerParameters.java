package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.part.ModuleFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parameters of a mixer that are neither linears nor norms, by the end of their name. */
final class MixerParameters {

  private final Map<String, Parameter> byName = new HashMap<>();

  MixerParameters(ModuleFactory modules, List<ParameterTensor> tensors) {
    for (ParameterTensor tensor : tensors) {
      Parameter parameter =
          modules.layerParameter("mixer parameters", tensor.count(), tensor.shape().get(0));
      byName.put(tensor.name().substring(tensor.name().indexOf('.') + 1), parameter);
    }
  }

  /** The parameter whose name ends so. */
  Parameter get(String end) {
    return byName.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(end))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /** Its value as autocast passes it to a convolution, or null; the caller's. */
  Tensor cast(Graph g, String end) {
    Parameter parameter = get(end);
    return parameter == null
        ? null
        : dev.vramcast.core.autograd.op.Matrix.castWeight(
            g, parameter, g.autocast() ? g.autocastDtype() : parameter.dtype());
  }
}
