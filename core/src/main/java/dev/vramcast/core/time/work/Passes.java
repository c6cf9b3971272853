package dev.vramcast.core.time.work;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import java.util.List;

/**
 * How often the products of a step run, in units of the forward pass whose gradients it takes.
 *
 * @param linear forward, gradient of the input, and gradient of the weight where it is trained: 3
 *     for full training, 2 for a frozen base
 * @param head as {@code linear}, of the projections behind the layers
 * @param recomputed share of the layers' forward pass that is run again in the backward pass
 * @param forwards passes without a graph beside it, by their tokens
 * @param adapters whether low-rank adapters run beside the projections
 */
public record Passes(
    double linear, double head, double recomputed, double forwards, boolean adapters) {

  /** PyTorch's selective checkpointing keeps what products yield and runs about half again. */
  private static final double SELECTIVE = 0.5;

  /**
   * Those of a step. Passes without a graph are taken to run a model of the same size over
   * sequences of the same length.
   *
   * @param layers of the model
   */
  public static Passes of(Episode.Step step, ResolvedJob job, int layers) {
    return of(step, List.of(), job, layers);
  }

  /**
   * As {@link #of(Episode.Step, ResolvedJob, int)}, with the passes that come for each micro-batch
   * before it is trained on for the first of so many times.
   */
  public static Passes of(Episode.Step step, List<Pass> scored, ResolvedJob job, int layers) {
    double forwards = forwards(step, step.passes());
    int updates = job.objective().generated().flatMap(each -> each.iterations()).orElse(1);
    forwards += forwards(step, scored) / updates;
    boolean adapters = job.adapter().isPresent();
    double recomputed =
        switch (job.checkpointing()) {
          case NONE -> 0;
          case SELECTIVE -> SELECTIVE;
          case FULL, OFFLOADED -> 1;
        };
    if (job.method() == Method.FREEZE) {
      double trained = Math.min(1, (double) job.trainableLayers() / layers);
      return new Passes(1 + 2 * trained, 2, recomputed * trained, forwards, false);
    }
    boolean headIsTrained = !adapters || savesHead(job.adapter().get());
    return new Passes(adapters ? 2 : 3, headIsTrained ? 3 : 2, recomputed, forwards, adapters);
  }

  private static double forwards(Episode.Step step, List<Pass> passes) {
    double tokens =
        passes.stream()
            .filter(pass -> !pass.graph())
            .mapToDouble(pass -> pass.batch().tokens())
            .sum();
    return tokens / step.trained().batch().tokens();
  }

  /** Forward passes of the layers that are not counted in {@link #linear()}. */
  public double again() {
    return recomputed + forwards;
  }

  private static boolean savesHead(AdapterSettings adapter) {
    return adapter.modulesToSave().stream().anyMatch(name -> name.endsWith("head"));
  }

  /** The memory-bound and launched work of a step relative to one forward and backward pass. */
  public double growth() {
    return 1 + again() / 3;
  }
}
