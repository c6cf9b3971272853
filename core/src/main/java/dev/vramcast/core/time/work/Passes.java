package dev.vramcast.core.time.work;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.ResidentModel;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How often the products of a step run, in units of the forward pass whose gradients it takes.
 *
 * @param linear forward, gradient of the input, and gradient of the weight where it is trained: 3
 *     for full training, 2 for a frozen base
 * @param head as {@code linear}, of the projections behind the layers
 * @param recomputed what of the layers' forward pass is run again in the backward pass
 * @param forwards passes beside it, by their tokens and the sizes of their models
 * @param adapters whether low-rank adapters run beside the projections
 */
public record Passes(
    double linear, double head, Recomputed recomputed, double forwards, boolean adapters) {

  /**
   * Shares of the forward pass of layers that are run again.
   *
   * @param linear of products
   * @param attention of scores
   * @param others of what is bound by memory
   */
  public record Recomputed(double linear, double attention, double others) {

    public static final Recomputed NONE = new Recomputed(0, 0, 0);
    public static final Recomputed ALL = new Recomputed(1, 1, 1);

    /**
     * Keeps what attention and every second product yield (torchtitan,
     * distributed/activation_checkpoint.py).
     */
    private static final Recomputed OPERATIONS = new Recomputed(0.5, 0, 1);

    /** Megatron's {@code --recompute-activations}: scores, which flash attention has none of. */
    private static final Recomputed SCORES = new Recomputed(0, 1, 0);

    private static Recomputed of(ResolvedJob job, int layers) {
      int stages = job.parallelism().pipeline() * job.parallelism().virtualPipeline();
      return kind(job).times(job.checkpointPlacement().share(layers, stages));
    }

    private static Recomputed kind(ResolvedJob job) {
      return switch (job.checkpointing()) {
        case NONE -> NONE;
        case SELECTIVE -> job.parallelism().strategy() == Strategy.MEGATRON ? SCORES : OPERATIONS;
        case FULL, OFFLOADED -> ALL;
      };
    }

    private Recomputed times(double share) {
      return new Recomputed(share * linear, share * attention, share * others);
    }
  }

  /**
   * Those of a step. Passes without a graph are taken to run over sequences of the same length.
   *
   * @param layers of the model
   */
  public static Passes of(Episode.Step step, ResolvedJob job, int layers) {
    return of(step, List.of(), job, layers, model -> 1);
  }

  /**
   * As {@link #of(Episode.Step, ResolvedJob, int)}, with the passes that come for each micro-batch
   * before it is trained on for the first of so many times, and those of the value model's step.
   *
   * @param size of a model in units of the one that is trained
   */
  public static Passes of(
      Episode.Step step,
      List<Pass> scored,
      ResolvedJob job,
      int layers,
      ToDoubleFunction<ResidentModel> size) {
    Recomputed recomputed = Recomputed.of(job, layers);
    double each = 3 + recomputed.linear();
    int accumulated = job.batch().gradAccum();
    int updates = job.objective().generated().flatMap(rounds -> rounds.iterations()).orElse(1);
    double forwards = 0;
    for (Pass pass : step.others()) {
      forwards += step.rounds() * share(step, pass, size) * (pass.graph() ? each : 1);
    }
    int generated = job.objective().generated().map(of -> of.microBatches(accumulated)).orElse(1);
    for (Pass pass : scored) {
      // Features are those of all that was generated at once, for its micro-batches together.
      double times = updates * (pass.returnsStates() ? generated : 1);
      forwards += share(step, pass, size) * (pass.graph() ? each : 1.0 / times);
    }
    boolean adapters = job.adapter().isPresent();
    if (job.method() == Method.FREEZE) {
      double trained = Math.min(1, (double) job.trainableLayers().count() / layers);
      double reached = (double) job.trainableLayers().reached(layers) / layers;
      boolean alone = job.frameworkCode().is(LayerCode.CHECKPOINTS_TRAINED);
      Recomputed again = recomputed.times(alone ? trained : reached);
      return new Passes(1 + reached + trained, 2, again, forwards, false);
    }
    if (job.optimizer().name().isBlockwise()) {
      // On average half of the layers are behind the one whose turn it is.
      boolean alone = job.frameworkCode().is(LayerCode.CHECKPOINTS_TRAINED);
      Recomputed again = recomputed.times(alone ? 1.0 / layers : 0.5);
      return new Passes(1.5 + 1.0 / layers, 2, again, forwards, false);
    }
    boolean headIsTrained = !adapters || savesHead(job.adapter().get());
    return new Passes(adapters ? 2 : 3, headIsTrained ? 3 : 2, recomputed, forwards, adapters);
  }

  private static double share(Episode.Step step, Pass pass, ToDoubleFunction<ResidentModel> size) {
    double tokens = pass.batch().tokens();
    return size.applyAsDouble(pass.model()) * tokens / step.batch().tokens();
  }

  /**
   * The same where the backward pass of MLPs begins by running them once more.
   *
   * @param linear their share of the products of a forward pass of the layers
   * @param others their share of what is bound by memory
   */
  public Passes runningAgain(double linear, double others) {
    Recomputed more =
        new Recomputed(
            recomputed.linear() + linear, recomputed.attention(), recomputed.others() + others);
    return new Passes(this.linear, head, more, forwards, adapters);
  }

  /** What checkpoints of a tower's layers run again, all of which have one. */
  public static Recomputed recomputed(ResolvedJob job) {
    return Recomputed.kind(job);
  }

  /** Forward passes of the layers' products that are not counted in {@link #linear()}. */
  public double again() {
    return recomputed.linear() + forwards;
  }

  /** The same passes by their time, where one that is run again takes so much of a first one. */
  public Passes priced(double again) {
    return new Passes(linear, head, recomputed.times(again), forwards, adapters);
  }

  private static boolean savesHead(AdapterSettings adapter) {
    return adapter.modulesToSave().stream().anyMatch(name -> name.endsWith("head"));
  }

  /** The memory-bound and launched work of a step relative to one forward and backward pass. */
  public double growth() {
    return 1 + (recomputed.others() + forwards) / 3;
  }
}
