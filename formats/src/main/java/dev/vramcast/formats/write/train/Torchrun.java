package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.Parallelism;

/** The commands that start one process per GPU. */
public final class Torchrun {

  private Torchrun() {}

  /** Options for this machine, of several if there are; they name variables that a start finds. */
  public static String options(Parallelism parallelism) {
    int each = parallelism.gpus() / parallelism.nodes();
    if (parallelism.nodes() == 1) {
      return "--nproc_per_node " + each;
    }
    return "--nnodes \"$NNODES\" --node_rank \"$NODE_RANK\" --nproc_per_node "
        + each
        + " --master_addr \"$MASTER_ADDR\" --master_port \"$MASTER_PORT\"";
  }

  /** Options as accelerate names them, behind its own command. */
  public static String accelerate(Parallelism parallelism, String file) {
    String launch = "accelerate launch --config_file " + file;
    return parallelism.nodes() == 1
        ? launch
        : launch
            + " --machine_rank \"$NODE_RANK\" --main_process_ip \"$MASTER_ADDR\""
            + " --main_process_port \"$MASTER_PORT\"";
  }
}
