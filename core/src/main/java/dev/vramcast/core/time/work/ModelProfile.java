package dev.vramcast.core.time.work;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the time of a model depends on, counted once so that many jobs can be estimated for it.
 *
 * @param parameters elements of all tensors
 * @param layers decoder layers
 * @param hidden features of the residual stream
 * @param linear weights of the layers' projections that one token visits
 * @param stored weights of the layers' projections, all experts included
 * @param experts of {@code stored}, those of routed experts
 * @param head weights of the projections behind the layers
 * @param activations sum over layers of the features of the two large activations: the residual
 *     stream and what lies inside the MLP
 * @param attention query features by the window that they see
 * @param projections inputs and outputs of the layers' projections, summed over layers, by their
 *     path below a layer; experts of a layer are one
 * @param ends parameters of embedding and head by their paths
 * @param stackedExperts versions of Transformers in which experts are run by a grouped product
 */
public record ModelProfile(
    double parameters,
    int layers,
    double hidden,
    double linear,
    double stored,
    double experts,
    double head,
    double activations,
    Map<Integer, Double> attention,
    Map<String, Double> projections,
    Map<String, Double> ends,
    Versions stackedExperts) {

  public ModelProfile {
    attention = Map.copyOf(attention);
    projections = Map.copyOf(projections);
    ends = Map.copyOf(ends);
  }

  /** Counts a model. */
  public static ModelProfile of(Architecture architecture) {
    LayerSums sums = new LayerSums();
    Map<String, Double> projections = new HashMap<>();
    for (LayerRun run : architecture.layers()) {
      for (DecoderLayer layer : run.period()) {
        sums.add(layer, run.times());
        Tensors.of(layer).forEach(tensor -> add(projections, tensor, run.times()));
      }
    }
    double hidden = architecture.hiddenSize();
    int layers = architecture.layerCount();
    return new ModelProfile(
        Tensors.count(architecture),
        layers,
        hidden,
        sums.linear(),
        sums.stored(),
        sums.experts(),
        architecture.head().linears().stream().mapToDouble(Linear::weightCount).sum(),
        sums.inner() + hidden * layers,
        sums.attention(),
        projections,
        ends(architecture),
        architecture.traits().experts().stacked());
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
