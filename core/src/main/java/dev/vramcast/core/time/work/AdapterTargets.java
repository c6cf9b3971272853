package dev.vramcast.core.time.work;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.code.RunningNames;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.module.linear.tuner.KroneckerWeight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What adapters can be put on, and what can be trained in full beside them.
 *
 * @param projections the layers' projections, summed over layers, by their path below a layer;
 *     experts of a layer are one
 * @param ends parameters of embedding and head by their paths
 * @param ownHead weights of the head, 0 where it is tied to the embedding
 */
public record AdapterTargets(
    Map<String, Projections> projections, Map<String, Double> ends, double ownHead) {

  private static final String EXPERTS = "experts.0";

  /**
   * Sums over projections.
   *
   * @param in features that go in
   * @param out features that come out
   * @param count projections
   */
  public record Projections(double in, double out, double weights, double count) {

    private static final Projections NONE = new Projections(0, 0, 0, 0);

    private Projections times(double share) {
      return new Projections(share * in, share * out, share * weights, share * count);
    }

    private Projections plus(Projections other) {
      return new Projections(
          in + other.in, out + other.out, weights + other.weights, count + other.count);
    }
  }

  public AdapterTargets {
    projections = Map.copyOf(projections);
    ends = Map.copyOf(ends);
  }

  static AdapterTargets of(Architecture architecture) {
    Map<String, Projections> projections = new HashMap<>();
    for (LayerRun run : architecture.layers()) {
      for (DecoderLayer layer : run.period()) {
        Tensors.of(layer).forEach(tensor -> add(projections, tensor, run.times()));
      }
    }
    double head = architecture.head().linears().stream().mapToDouble(Linear::weightCount).sum();
    boolean tied = architecture.head().tied();
    return new AdapterTargets(projections, ends(architecture), tied ? 0 : head);
  }

  private static void add(Map<String, Projections> projections, ParameterTensor tensor, int times) {
    if (tensor.shape().size() == 2) {
      String path =
          tensor.name().replaceFirst("\\.weight$", "").replaceFirst("experts\\.\\d+", EXPERTS);
      double out = tensor.shape().get(0);
      double in = tensor.shape().get(1);
      Projections all = new Projections(times * in, times * out, times * in * out, times);
      projections.merge(path, all, Projections::plus);
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

  /** The same under the names that the modules have in a job. */
  public AdapterTargets named(RunningNames names) {
    return names.areOfCheckpoint()
        ? this
        : new AdapterTargets(named(projections, names), named(ends, names), ownHead);
  }

  private static <T> Map<String, T> named(Map<String, T> paths, RunningNames names) {
    return paths.entrySet().stream()
        .collect(Collectors.toMap(each -> names.of(each.getKey()), Map.Entry::getValue));
  }

  /** The projections that have adapters, or all of them. */
  public Projections chosen(boolean all, List<String> targets) {
    Projections sum = Projections.NONE;
    for (Map.Entry<String, Projections> each : projections.entrySet()) {
      sum = all || isTarget(each.getKey(), targets) ? sum.plus(each.getValue()) : sum;
    }
    return sum;
  }

  /** The same, of whose routed experts a token goes through this share. */
  public AdapterTargets visited(double share) {
    Map<String, Projections> some = new HashMap<>(projections);
    some.replaceAll((path, each) -> path.contains(EXPERTS) ? each.times(share) : each);
    return new AdapterTargets(some, ends, ownHead);
  }

  /** Those whose paths end with one of these names. */
  AdapterTargets endingWith(List<String> names) {
    Map<String, Projections> some = new HashMap<>(projections);
    some.keySet().removeIf(path -> names.stream().noneMatch(path::endsWith));
    return new AdapterTargets(some, ends, ownHead);
  }

  /** What Kronecker products have of parameters; layers of one name are taken to be equal. */
  double made(AdapterSettings adapter) {
    double sum = 0;
    for (Map.Entry<String, Projections> each : projections.entrySet()) {
      if (adapter.allLinear() || isTarget(each.getKey(), adapter.targets())) {
        Projections all = each.getValue();
        long in = Math.round(all.in() / all.count());
        long out = Math.round(all.out() / all.count());
        sum += all.count() * KroneckerWeight.Shape.of(in, out, adapter.rank()).elements();
      }
    }
    return sum;
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
