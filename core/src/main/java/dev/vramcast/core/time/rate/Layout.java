package dev.vramcast.core.time.rate;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.step.pipeline.VirtualStages;

/**
 * How a step is laid over GPUs.
 *
 * @param machines groups of GPUs within which links are fast
 * @param dataParallel ranks that see different tokens
 * @param degrees of model parallelism
 * @param exposedTensor of the collectives of tensor parallelism, the part that nothing hides
 * @param microSteps of an optimizer step
 * @param bubble idle time of a pipeline relative to its busy time
 * @param losses of each doubling
 */
public record Layout(
    int gpus,
    int machines,
    int dataParallel,
    Degrees degrees,
    double exposedTensor,
    int microSteps,
    double bubble,
    Losses losses) {

  /**
   * What each doubling loses.
   *
   * @param model of model parallelism over NVLink
   * @param machines of the number of machines
   */
  public record Losses(double model, double machines) {

    private static Losses of(SpeedCoefficients all) {
      return new Losses(all.of(SpeedCoefficient.MODEL_PARALLEL), all.of(SpeedCoefficient.MACHINES));
    }
  }

  /**
   * Degrees of the kinds of parallelism in which GPUs share a copy of the model and its tokens.
   *
   * @param tensor GPUs that divide each layer
   * @param pipeline stages
   * @param context GPUs that divide each sequence
   * @param copies GPUs of which each computes the whole of what lies between projections: those of
   *     {@code tensor}, where no sequence parallelism divides it; else 1
   */
  public record Degrees(int tensor, int pipeline, int context, int copies) {

    private static Degrees of(Parallelism parallelism) {
      return new Degrees(
          parallelism.tensor(),
          parallelism.pipeline(),
          parallelism.context(),
          parallelism.sequenceParallel() ? 1 : parallelism.tensor());
    }

    private int product() {
      return tensor * pipeline * context;
    }

    /** GPUs that launch the same layers. */
    public int stageWidth() {
      return tensor * context;
    }
  }

  /**
   * Lays a job over GPUs of a kind.
   *
   * @param layers of the model
   */
  public static Layout of(ResolvedJob job, Gpu gpu, Links links, int layers) {
    Parallelism p = job.parallelism();
    Degrees degrees = Degrees.of(p);
    int microSteps = microSteps(job);
    return new Layout(
        p.gpus(),
        machines(p, gpu),
        Math.max(1, p.gpus() / degrees.product()),
        degrees,
        exposed(job, links, gpu.throughput().coefficients()),
        microSteps,
        bubble(job, microSteps, layers),
        Losses.of(gpu.throughput().coefficients()));
  }

  /**
   * As many as are stated, and where nobody places many GPUs, no fewer than hold them; of links
   * that join the nodes of a rack the racks.
   */
  private static int machines(Parallelism p, Gpu gpu) {
    int held = (int) Math.ceil((double) p.gpus() / perMachine(gpu));
    if (gpu.interconnect().link().domain().isPresent()) {
      return held;
    }
    return p.placed() ? p.nodes() : Math.max(p.nodes(), held);
  }

  /**
   * Tuned stacks overlap a part of the collectives with products (megatron/training/arguments.py,
   * --tp-comm-overlap); over PCIe nobody can.
   */
  private static double exposed(ResolvedJob job, Links links, SpeedCoefficients all) {
    boolean overlaps = links.switched() && !Stack.of(job).isUserStack();
    return overlaps ? all.of(SpeedCoefficient.TENSOR_EXPOSED) : 1;
  }

  /** A pipeline is filled and drained once for the micro-batches that go through it at a time. */
  private static double bubble(ResolvedJob job, int microSteps, int layers) {
    Parallelism p = job.parallelism();
    if (p.pipeline() == 1) {
      return 0;
    }
    return p.strategy() == Strategy.MEGATRON
        ? (p.pipeline() - 1) / ((double) microSteps * p.virtualPipeline())
        : (p.pipeline() - 1)
            / ((double) p.pipelining().atATime(job.batch())
                * VirtualStages.of(layers, job).perRank());
  }

  /** Interleaved stages need a micro-batch each (megatron/core/pipeline_parallel/schedules.py). */
  private static int microSteps(ResolvedJob job) {
    Parallelism p = job.parallelism();
    int stages = p.virtualPipeline() > 1 ? p.pipeline() : 1;
    return Math.max(job.batch().gradAccum(), stages);
  }

  /** GPUs that reach each other without a network. */
  public static int perMachine(Gpu gpu) {
    return gpu.interconnect().link().domain().orElse(Coefficients.GPUS_PER_MACHINE);
  }

  /** GPUs that hold one copy of the model between them and share its tokens. */
  public int modelParallel() {
    return degrees.product();
  }

  /**
   * Time relative to GPUs that lose nothing to each other. What tuned runs lose with every doubling
   * has their small bubbles in it; a larger bubble takes the place of the pipeline's part.
   */
  public double loss() {
    double stages = Math.max(losses.model() * log2(degrees.pipeline()), bubble);
    return (1 + stages) * (1 + losses.machines() * log2(machines));
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
