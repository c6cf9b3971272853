package dev.vramcast.core.shard.zero;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * A model that was not made under {@code zero.Init}: it is moved to each GPU as a whole, and stage
 * 3 divides it there (deepspeed/runtime/engine.py {@code _configure_distributed_model}). The cache
 * is emptied behind it (deepspeed/runtime/zero/stage3.py {@code defragment}).
 */
final class UndividedModel {

  private static final Operation MOVED =
      Operation.of(
          "_configure_distributed_model",
          "deepspeed/runtime/engine.py DeepSpeedEngine._configure_distributed_model");

  private final Graph graph;
  private final boolean whole;
  private final boolean shardsOnHost;
  private final List<Rest> rests = new ArrayList<>();

  /**
   * What this rank does not keep of a parameter.
   *
   * @param times layers that have such a parameter
   */
  private record Rest(Tensor tensor, int times) {}

  UndividedModel(Graph graph, ResolvedJob job) {
    this.graph = graph;
    this.whole = PartitionedModel.gathers(job) && !job.parallelism().madeDivided();
    this.shardsOnHost = ZeroSettings.offloads(job, OffloadTarget.PARAMETERS);
  }

  /**
   * Puts what the rank does not keep of a parameter beside its shard, in elements; what is trained
   * gets its shards later.
   */
  void add(ParameterSpec spec, long shard) {
    long kept = spec.trainable() || shardsOnHost ? 0 : shard;
    // With its shard it is one block.
    long rest = Block.bytes(spec.elements(), spec.dtype()) - Block.bytes(kept, spec.dtype());
    if (whole && rest > 0) {
      graph.site().operation(MOVED);
      String name = "undivided " + spec.name();
      rests.add(
          new Rest(
              graph.allocateOn(
                  Stream.DRIVER, name, spec.category(), rest / spec.dtype().bytes(), spec.dtype()),
              graph.iterations()));
    }
  }

  /** Only the shards stay. */
  void divide() {
    rests.forEach(each -> graph.repeat(each.times(), () -> graph.release(each.tensor())));
    rests.clear();
  }
}
