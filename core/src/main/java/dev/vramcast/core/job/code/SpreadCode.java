package dev.vramcast.core.job.code;

import dev.vramcast.core.job.option.Strategy;
import java.util.List;

/**
 * How a framework spreads a job over GPUs.
 *
 * @param strategies that it is started with, where none is its default
 * @param adapterUnits FSDP1 gives adapters units of their own
 * @param shardsCheckpoints FSDP1 is around the checkpoint of a layer; else the checkpoint is around
 *     FSDP1, which runs again with the layer
 * @param zero whose ZeRO runs
 * @param overlapsFirst DeepSpeed heeds {@code overlap_comm} in stage 1
 * @param earlyBuckets DeepSpeed opens its buckets when the backward pass is called, and not with
 *     the first gradient
 * @param reducesEach FSDP2 reduces the gradients of every micro-batch; else they are added up
 *     whole, and the last one reduces their sum
 * @param flatReducesEach as {@code reducesEach}, FSDP1
 * @param offloadsBetween what is offloaded leaves the GPUs while others have their turn on them,
 *     and is back while its model runs; else it is on the host all the time
 * @param swapsStates optimizer states that are offloaded beside parameters on the GPU are brought
 *     to it for the update, and leave it again; else there is no update of such parameters
 * @param shardsInt8 FSDP2 divides bitsandbytes' 8-bit weights, whose class it loses by itself
 * @param copiesItself it copies between cards without NCCL
 * @param warmsUpHalf before a model is quantised as it is loaded, half of its 16-bit size is taken
 *     in one piece and given back, and files are read onto the GPU and cast there
 * @param widensShards FSDP's shards of what is trained are fp32 where it computes in mixed
 *     precision, whatever was loaded
 * @param widensFsdp2 and FSDP2's too
 * @param pipelining how it cuts a model into the stages of PyTorch's pipelines
 * @param loading where weights go when the model is loaded
 */
public record SpreadCode(
    List<Strategy> strategies,
    boolean adapterUnits,
    boolean shardsCheckpoints,
    ZeroConfiguration zero,
    boolean overlapsFirst,
    boolean earlyBuckets,
    boolean reducesEach,
    boolean flatReducesEach,
    boolean offloadsBetween,
    boolean swapsStates,
    boolean shardsInt8,
    boolean copiesItself,
    boolean warmsUpHalf,
    boolean widensShards,
    boolean widensFsdp2,
    Stages pipelining,
    Loading loading) {

  public SpreadCode {
    strategies = List.copyOf(strategies);
  }

  /**
   * Stages of PyTorch's pipelines.
   *
   * @param endLayers as how many layers the embedding counts, and likewise the head
   * @param returnsOutputs a schedule puts the last stage's outputs together and returns them
   */
  public record Stages(int endLayers, boolean returnsOutputs) {}

  /**
   * Where weights that nothing quantises go when the model is loaded.
   *
   * @param alone on one GPU
   * @param copies where every rank keeps all of them
   * @param shards where ranks keep parts of them
   * @param zeroes under FSDP ranks that do not load fill a model of their own with zeros
   */
  public record Loading(LoadPlace alone, LoadPlace copies, LoadPlace shards, boolean zeroes) {}

  /** Where a model is before it is on the GPUs. */
  public enum LoadPlace {
    /** In the memory of the host, once for every rank. */
    HOST,
    /** In the memory of the host, once for the first rank of each machine. */
    FIRST_RANK,
    /** On the GPU, tensor by tensor. */
    GPU
  }
}
