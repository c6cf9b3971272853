package dev.tunefit.core.time;

import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.job.Parallelism;
import dev.tunefit.core.job.ResolvedJob;

/**
 * How a step is laid over GPUs.
 *
 * @param machines groups of GPUs within which links are fast
 * @param dataParallel ranks that see different tokens
 * @param bubble idle time of a pipeline relative to its busy time
 */
record Layout(
    int gpus,
    int machines,
    int dataParallel,
    int tensor,
    int pipeline,
    int context,
    double bubble) {

  /** An NVL72 rack is one NVLink domain. */
  private static final int NVL72 = 72;

  static Layout of(ResolvedJob job, Gpu gpu) {
    Parallelism p = job.parallelism();
    int modelParallel = p.tensor() * p.pipeline() * p.context();
    double turns = (double) job.batch().gradAccum() * p.virtualPipeline();
    return new Layout(
        p.gpus(),
        Math.max(p.nodes(), (int) Math.ceil((double) p.gpus() / perMachine(gpu))),
        Math.max(1, p.gpus() / modelParallel),
        p.tensor(),
        p.pipeline(),
        p.context(),
        (p.pipeline() - 1) / turns);
  }

  /** GPUs that reach each other without a network. */
  static int perMachine(Gpu gpu) {
    return gpu.interconnect().description().contains("NVL72")
        ? NVL72
        : Coefficients.GPUS_PER_MACHINE;
  }

  /** GPUs that hold one copy of the model between them and share its tokens. */
  int modelParallel() {
    return tensor * pipeline * context;
  }

  /**
   * Time relative to GPUs that lose nothing to each other. What tuned runs lose with every doubling
   * has their small bubbles in it; a larger bubble takes the place of the pipeline's part.
   */
  double loss() {
    double parts = Coefficients.MODEL_PARALLEL * log2((double) tensor * context);
    double stages = Math.max(Coefficients.MODEL_PARALLEL * log2(pipeline), bubble);
    return (1 + parts + stages) * (1 + Coefficients.MACHINES * log2(machines));
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
