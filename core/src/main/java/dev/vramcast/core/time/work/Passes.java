package dev.vramcast.core.time.work;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Method;

/**
 * How often the products of a step run, in units of one forward pass.
 *
 * @param linear forward, gradient of the input, and gradient of the weight where it is trained: 3
 *     for full training, 2 for a frozen base
 * @param head as {@code linear}, of the projections behind the layers
 * @param recomputed share of the layers' forward pass that is run again in the backward pass
 * @param adapters whether low-rank adapters run beside the projections
 */
public record Passes(double linear, double head, double recomputed, boolean adapters) {

  /** PyTorch's selective checkpointing keeps what products yield and runs about half again. */
  private static final double SELECTIVE = 0.5;

  public static Passes of(ResolvedJob job, int layers) {
    boolean adapters = job.adapter().isPresent();
    double recomputed =
        switch (job.checkpointing()) {
          case NONE -> 0;
          case SELECTIVE -> SELECTIVE;
          case FULL, OFFLOADED -> 1;
        };
    if (job.method() == Method.FREEZE) {
      double trained = Math.min(1, (double) job.trainableLayers() / layers);
      return new Passes(1 + 2 * trained, 2, recomputed * trained, false);
    }
    boolean headIsTrained = !adapters || savesHead(job.adapter().get());
    return new Passes(adapters ? 2 : 3, headIsTrained ? 3 : 2, recomputed, adapters);
  }

  private static boolean savesHead(AdapterSettings adapter) {
    return adapter.modulesToSave().stream().anyMatch(name -> name.endsWith("head"));
  }

  /** The memory-bound and launched work of a step relative to one without recomputation. */
  public double growth() {
    return 1 + recomputed / 3;
  }
}
