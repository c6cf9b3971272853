package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.job.Parallelism;

/**
 * How GPUs are divided (megatron/core/parallel_state.py, initialize_model_parallel): the dense part
 * of the model in one way, experts in another, both inside a pipeline stage.
 *
 * @param tensor the degree that divides heads, features and vocabulary
 * @param tokenDegree ranks that hold a share of the tokens each between the parts of a layer
 * @param chunks virtual stages of a pipeline stage
 * @param shards ranks among which the optimizer of dense parameters is divided
 */
public record Division(
    int tensor,
    int tokenDegree,
    int context,
    int pipeline,
    int chunks,
    int shards,
    Experts experts) {

  /**
   * How routed experts are divided.
   *
   * @param degree ranks that hold some of the experts each
   * @param tensor the degree that divides an expert's features
   * @param shards ranks among which the optimizer of experts is divided
   */
  public record Experts(int degree, int tensor, int shards) {}

  /** The same where every rank has all tokens between the parts of a layer. */
  Division withWholeTokens() {
    return new Division(tensor, 1, context, pipeline, chunks, shards, experts);
  }

  /**
   * Experts are divided by the tensor-parallel degree too where nobody says otherwise ({@code
   * expert_tensor_parallel_size}, megatron/core/model_parallel_config.py) and there are GPUs enough
   * for the product.
   */
  public static Division of(Parallelism degrees) {
    int stage = degrees.gpus() / degrees.pipeline();
    boolean inside = stage % (degrees.tensor() * (long) degrees.expert()) == 0;
    int expertTensor = degrees.expertTensor().orElse(inside ? degrees.tensor() : 1);
    int expertCopies = stage / (degrees.expert() * expertTensor);
    return new Division(
        degrees.tensor(),
        degrees.sequenceParallel() ? degrees.tensor() : 1,
        degrees.context(),
        degrees.pipeline(),
        degrees.pipeline() == 1 ? 1 : degrees.virtualPipeline(),
        degrees.shard() * degrees.context(),
        new Experts(
            degrees.expert(), expertTensor, Math.max(1, expertCopies / degrees.replicate())));
  }
}
