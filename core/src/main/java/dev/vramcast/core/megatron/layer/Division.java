package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.job.Parallelism;

/**
 * How GPUs are divided (megatron/core/parallel_state.py, initialize_model_parallel): the dense part
 * of the model in one way, experts in another, both inside a pipeline stage.
 *
 * @param tensor ways that divide heads, features and vocabulary
 * @param tokenWays ranks that hold a share of the tokens each between the parts of a layer
 * @param chunks virtual stages of a pipeline stage
 * @param expertTensor ways that divide an expert's features
 * @param shards ranks among which the optimizer of dense parameters is divided
 * @param expertShards ranks among which that of experts is divided
 */
public record Division(
    int tensor,
    int tokenWays,
    int context,
    int pipeline,
    int chunks,
    int expert,
    int expertTensor,
    int shards,
    int expertShards) {

  /**
   * Experts are divided by the tensor-parallel ways too ({@code expert_tensor_parallel_size}) where
   * there are GPUs enough for the product.
   */
  public static Division of(Parallelism ways) {
    int stage = ways.gpus() / ways.pipeline();
    boolean inside = stage % (ways.tensor() * (long) ways.expert()) == 0;
    int expertTensor = inside ? ways.tensor() : 1;
    int expertCopies = stage / (ways.expert() * expertTensor);
    return new Division(
        ways.tensor(),
        ways.sequenceParallel() ? ways.tensor() : 1,
        ways.context(),
        ways.pipeline(),
        ways.pipeline() == 1 ? 1 : ways.virtualPipeline(),
        ways.expert(),
        expertTensor,
        ways.shard() * ways.context(),
        Math.max(1, expertCopies / ways.replicate()));
  }
}
