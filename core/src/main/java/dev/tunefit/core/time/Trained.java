package dev.tunefit.core.time;

import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.architecture.DecoderLayer;
import dev.tunefit.core.architecture.Embedding;
import dev.tunefit.core.architecture.LayerRun;
import dev.tunefit.core.architecture.Linear;
import dev.tunefit.core.architecture.ParameterTensor;
import dev.tunefit.core.architecture.Tensors;
import dev.tunefit.core.job.AdapterSettings;
import dev.tunefit.core.job.Method;
import dev.tunefit.core.job.ResolvedJob;
import java.util.List;

/**
 * How many parameters are trained.
 *
 * @param total all of them, which the optimizer updates
 * @param dense of those in layers or adapters, all but routed experts
 * @param experts of routed experts
 */
record Trained(double total, double dense, double experts) {

  static Trained of(Architecture architecture, ResolvedJob job, ModelWork work) {
    if (job.adapter().isPresent()) {
      double adapters = adapters(architecture, job.adapter().get());
      return new Trained(adapters, adapters, 0);
    }
    double share = Math.min(1, (double) job.trainableLayers() / work.layers());
    boolean freeze = job.method() == Method.FREEZE;
    double layers = freeze ? share : 1;
    double total = freeze ? share * work.stored() : Tensors.count(architecture);
    return new Trained(total, layers * (work.stored() - work.experts()), layers * work.experts());
  }

  private static double adapters(Architecture architecture, AdapterSettings adapter) {
    double count = saved(architecture, adapter.modulesToSave());
    for (LayerRun run : architecture.layers()) {
      for (DecoderLayer layer : run.period()) {
        count += (double) run.times() * adapter.rank() * features(layer, adapter);
      }
    }
    return count;
  }

  /** Inputs and outputs of the layer's projections that have adapters. */
  private static double features(DecoderLayer layer, AdapterSettings adapter) {
    return Tensors.of(layer).stream()
        .filter(tensor -> tensor.shape().size() == 2 && isTarget(tensor, adapter))
        .mapToDouble(tensor -> (double) tensor.shape().get(0) + tensor.shape().get(1))
        .sum();
  }

  private static boolean isTarget(ParameterTensor tensor, AdapterSettings adapter) {
    String module = tensor.name().replaceFirst("\\.weight$", "");
    return adapter.allLinear()
        || adapter.targets().stream()
            .anyMatch(name -> module.equals(name) || module.endsWith("." + name));
  }

  /** Embeddings and head, the modules that people train in full beside adapters. */
  private static double saved(Architecture architecture, List<String> names) {
    Embedding embedding = architecture.embeddings().token();
    double count =
        names.stream().anyMatch(embedding.name()::endsWith) ? embedding.parameterCount() : 0;
    for (Linear linear : architecture.head().linears()) {
      count += names.stream().anyMatch(linear.name()::endsWith) ? linear.parameterCount() : 0;
    }
    return count;
  }
}
