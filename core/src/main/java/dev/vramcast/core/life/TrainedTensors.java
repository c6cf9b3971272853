package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.code.RunningNames;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.module.LoadedModel;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.shard.WholeCopies;
import java.util.List;
import java.util.function.BiConsumer;

/** What a job trains of a model, whole, however many ranks it is divided among. */
public final class TrainedTensors {

  private TrainedTensors() {}

  /** Elements of all of them. */
  public static long count(Architecture architecture, ResolvedJob job) {
    return of(architecture, job).stream()
        .mapToLong(each -> Math.multiplyExact(each.elements(), each.copies()))
        .sum();
  }

  /** Bytes of all of them. */
  static long bytes(List<Trainable> trained) {
    return trained.stream()
        .mapToLong(each -> each.elements() * each.copies() * each.dtype().bytes())
        .sum();
  }

  /** Each trained parameter, those of equal layers once. */
  static List<Trainable> of(Architecture architecture, ResolvedJob job) {
    ResolvedJob whole =
        job.toBuilder().parallelism(Parallelism.single()).build().hearing(architecture);
    Graph graph = new Graph();
    StepSettings settings = new StepSettings(whole, architecture.traits());
    Architecture running = RunningNames.in(architecture, job).running(whole.batch().hasImages());
    LoadedModel model = LoadedModel.load(graph, running, settings, new WholeCopies(graph));
    return model.trainables();
  }

  /** Pairs of low-rank factors, whose products are merged into weights. */
  static final class Factors {

    private Factors() {}

    /**
     * The pair with the largest product.
     *
     * @param product its elements
     * @param factors elements of both factors
     */
    record Largest(long product, long factors) {}

    /** Elements of the largest product; 0 where there are no pairs. */
    static long largestProduct(List<Trainable> trained) {
      return largest(trained).product();
    }

    /** The pair with the largest product; of no elements where there are no pairs. */
    static Largest largest(List<Trainable> trained) {
      Largest[] largest = {new Largest(0, 0)};
      each(
          trained,
          (first, second) -> {
            long product = Math.multiplyExact(first.columns(), second.rows());
            if (product > largest[0].product()) {
              largest[0] = new Largest(product, first.elements() + second.elements());
            }
          });
      return largest[0];
    }

    /** Elements of all products, each of which a weight has. */
    static long products(List<Trainable> trained) {
      long[] sum = {0};
      each(
          trained,
          (first, second) ->
              sum[0] +=
                  Math.multiplyExact(
                      Math.multiplyExact(first.columns(), second.rows()), second.copies()));
      return sum[0];
    }

    private static void each(List<Trainable> trained, BiConsumer<Trainable, Trainable> pair) {
      Trainable first = null;
      for (Trainable each : trained) {
        String path = each.parameter().module().path();
        if (path.endsWith("_A")) {
          first = each;
        } else if (path.endsWith("_B") && first != null) {
          pair.accept(first, each);
        }
      }
    }
  }
}
