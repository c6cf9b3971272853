package dev.vramcast.core.time.work;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.code.RunningNames;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.module.part.ModulePaths;

/** Adapters on stacks of experts, of which each matrix has two factors (PEFT's ParamWrapper). */
final class BareParameters {

  private BareParameters() {}

  /**
   * Parameters of the adapters of all layers.
   *
   * @param names what the parameters are called in the job
   */
  static double count(Architecture architecture, AdapterSettings adapter, RunningNames names) {
    double sum = 0;
    for (LayerRun run : architecture.layers()) {
      for (DecoderLayer layer : run.period()) {
        if (layer.mlp() instanceof MixtureOfExperts mixture) {
          sum += run.times() * features(mixture, adapter, names);
        }
      }
    }
    return sum * adapter.rank();
  }

  /** Rows and columns of the matrices of a layer that have one. */
  private static double features(
      MixtureOfExperts mixture, AdapterSettings adapter, RunningNames names) {
    double inner = mixture.intermediateSize();
    double up = (mixture.gated() ? 2 : 1) * inner + mixture.hiddenSize();
    double down = inner + mixture.hiddenSize();
    return mixture.experts()
        * ((isNamed(names.of(mixture.upParameter()), adapter) ? up : 0)
            + (isNamed(names.of(mixture.downParameter()), adapter) ? down : 0));
  }

  private static boolean isNamed(String parameter, AdapterSettings adapter) {
    return ModulePaths.isTarget(parameter, adapter.targetParameters());
  }
}
