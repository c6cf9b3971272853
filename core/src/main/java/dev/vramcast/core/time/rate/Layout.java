package dev.vramcast.core.time.rate;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;

/**
 * How a step is laid over GPUs.
 *
 * @param machines groups of GPUs within which links are fast
 * @param dataParallel ranks that see different tokens
 * @param exposesTensor whether the collectives of tensor parallelism are counted by their bytes
 * @param microSteps of an optimizer step
 * @param bubble idle time of a pipeline relative to its busy time
 */
public record Layout(
    int gpus,
    int machines,
    int dataParallel,
    int tensor,
    int pipeline,
    int context,
    boolean exposesTensor,
    int microSteps,
    double bubble) {

  public static Layout of(ResolvedJob job, Gpu gpu, Links links) {
    Parallelism p = job.parallelism();
    int modelParallel = p.tensor() * p.pipeline() * p.context();
    int microSteps = microSteps(job);
    return new Layout(
        p.gpus(),
        Math.max(p.nodes(), (int) Math.ceil((double) p.gpus() / perMachine(gpu))),
        Math.max(1, p.gpus() / modelParallel),
        p.tensor(),
        p.pipeline(),
        p.context(),
        p.tensor() > 1 && !(links.switched() && !Stack.of(job).isUserStack()),
        microSteps,
        (p.pipeline() - 1) / ((double) microSteps * p.virtualPipeline()));
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
    return tensor * pipeline * context;
  }

  /**
   * Time relative to GPUs that lose nothing to each other. What tuned runs lose with every doubling
   * has their small bubbles in it; a larger bubble takes the place of the pipeline's part.
   */
  public double loss() {
    double parts = Coefficients.MODEL_PARALLEL * log2((exposesTensor ? 1.0 : tensor) * context);
    double stages = Math.max(Coefficients.MODEL_PARALLEL * log2(pipeline), bubble);
    return (1 + parts + stages) * (1 + Coefficients.MACHINES * log2(machines));
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
