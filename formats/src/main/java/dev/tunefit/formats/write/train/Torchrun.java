package dev.tunefit.formats.write.train;

import dev.tunefit.core.job.Parallelism;

/** Options of PyTorch's launcher. */
final class Torchrun {

  private Torchrun() {}

  /** Options for this machine, of several if there are; they name variables that a start finds. */
  static String options(Parallelism parallelism) {
    int each = parallelism.gpus() / parallelism.nodes();
    if (parallelism.nodes() == 1) {
      return "--nproc_per_node " + each;
    }
    return "--nnodes \"$NNODES\" --node_rank \"$NODE_RANK\" --nproc_per_node "
        + each
        + " --master_addr \"$MASTER_ADDR\" --master_port \"$MASTER_PORT\"";
  }
}
