package dev.vramcast.core.time.work;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What adapters can be put on, and what can be trained in full beside them.
 *
 * @param projections inputs and outputs of the layers' projections, summed over layers, by their
 *     path below a layer; experts of a layer are one
 * @param ends parameters of embedding and head by their paths
 */
public record AdapterTargets(Map<String, Double> projections, Map<String, Double> ends) {

  public AdapterTargets {
    projections = Map.copyOf(projections);
    ends = Map.copyOf(ends);
  }

  static AdapterTargets of(Architecture architecture) {
    Map<String, Double> projections = new HashMap<>();
    for (LayerRun run : architecture.layers()) {
      for (DecoderLayer layer : run.period()) {
        Tensors.of(layer).forEach(tensor -> add(projections, tensor, run.times()));
      }
    }
    return new AdapterTargets(projections, ends(architecture));
  }

  private static void add(Map<String, Double> projections, ParameterTensor tensor, int times) {
    if (tensor.shape().size() == 2) {
      String path =
          tensor.name().replaceFirst("\\.weight$", "").replaceFirst("experts\\.\\d+", "experts.0");
      double features = (double) tensor.shape().get(0) + tensor.shape().get(1);
      projections.merge(path, times * features, Double::sum);
    }
  }

  private static Map<String, Double> ends(Architecture architecture) {
    Map<String, Double> ends = new HashMap<>();
    Embedding embedding = architecture.embeddings().token();
    ends.put(embedding.name(), (double) embedding.parameterCount());
    for (Linear linear : architecture.head().linears()) {
      ends.put(linear.name(), (double) linear.parameterCount());
    }
    return ends;
  }

  /** Inputs and outputs of the projections that have adapters. */
  double adapted(boolean all, List<String> targets) {
    double features = 0;
    for (Map.Entry<String, Double> each : projections.entrySet()) {
      features += all || isTarget(each.getKey(), targets) ? each.getValue() : 0;
    }
    return features;
  }

  private static boolean isTarget(String path, List<String> targets) {
    return targets.stream().anyMatch(name -> path.equals(name) || path.endsWith("." + name));
  }

  /** Parameters of embedding and head that are trained in full beside adapters. */
  double saved(List<String> names) {
    double count = 0;
    for (Map.Entry<String, Double> end : ends.entrySet()) {
      count += names.stream().anyMatch(end.getKey()::endsWith) ? end.getValue() : 0;
    }
    return count;
  }
}
