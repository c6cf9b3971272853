package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.units.DataType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parameters of a mixer that are neither linears nor norms, by the end of their name. */
final class MixerParameters {

  private final Map<String, Parameter> byName = new HashMap<>();
  private final @Nullable Parameter scales;

  MixerParameters(ModuleFactory modules, RecurrentMixer mixer) {
    this.scales =
        mixer.scaled() && mixer.kind() == RecurrentMixer.Kind.MAMBA2
            ? modules.buffer("projection scales", mixer.input().get(0).out())
            : null;
    for (ParameterTensor tensor : mixer.others()) {
      long rows = tensor.shape().get(0);
      Parameter parameter =
          mixer.kind() == RecurrentMixer.Kind.BOUNDED_CHANNEL_DELTA
              ? modules.wideParameter("mixer parameters", tensor.count(), rows)
              : tensor.shape().size() > 2
                  ? modules.kernel("mixer parameters", tensor.count(), rows)
                  : modules.layerParameter("mixer parameters", tensor.count(), rows);
      byName.put(tensor.name().substring(tensor.name().indexOf('.') + 1), parameter);
    }
  }

  /** The parameter whose name ends so, which the mixer has. */
  Parameter get(String end) {
    return find(end).orElseThrow();
  }

  Optional<Parameter> find(String end) {
    return byName.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(end))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The value of the parameter whose name ends so; null where the mixer has none. */
  @Nullable Tensor value(String end) {
    return find(end).map(Parameter::value).orElse(null);
  }

  /** The value in fp32, where a scan computes in it; the caller's. */
  Tensor wide(Graph g, String end) {
    return Pointwise.cast(g, get(end).value(), DataType.FP32, "wide parameters");
  }

  /** {@code -exp(A_log.float())}, as each of Mamba's mixers has it; the caller's. */
  Tensor decayRates(Graph g) {
    Tensor wide = wide(g, "A_log");
    Tensor exp = g.rebind(wide, Pointwise.savingResult(g, Aten.EXP, wide, "decay rates"));
    return g.rebind(exp, Pointwise.scale(g, exp, "decay rates"));
  }

  /** Features of a state of Mamba's scan, which has a decay for each in each stream. */
  long stateSize(long streams) {
    return get("A_log").elements() / streams;
  }

  /** What the first projection gave, times the constants of it; takes over the argument. */
  Tensor scaled(Graph g, Tensor projected) {
    return scales == null
        ? projected
        : g.rebind(projected, Pointwise.mul(g, projected, scales.value(), "scaled projections"));
  }

  /** Its value as autocast passes it to a convolution; the caller's. */
  Optional<Tensor> cast(Graph g, String end) {
    return find(end)
        .map(
            parameter ->
                Matrix.castWeight(
                    g, parameter, g.autocast() ? g.autocastDtype() : parameter.dtype()));
  }
}
