package dev.vramcast.core.shard.fsdp;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all groups share: {@code FSDPCommContext}. */
final class FullyShardedContext {

  private static final Operation SHARD =
      Operation.of(
          "aten::chunk",
          "torch/distributed/fsdp/_fully_shard/_fsdp_param.py FSDPParam._init_sharded_param");

  private final GatheredUnit.Order order;
  private final Parallelism degrees;
  private final boolean releasesEarly;
  private Stream copyIn = Stream.ALL_GATHER_COPY_IN;

  /** Both are null while there is no buffer that something may still read. */
  private @Nullable Tensor gathered;

  private @Nullable Tensor reduced;
  private boolean addsUp;
  private boolean reduces = true;
  private boolean adapters = true;
  private final List<AllReduced> allReduced = new ArrayList<>();

  /** The buffer of an all-reduce, and how many equal layers have one. */
  private record AllReduced(Tensor buffer, int copies) {}

  FullyShardedContext(Graph graph, Parallelism degrees, boolean releasesEarly) {
    this.order = new GatheredUnit.Order(graph);
    this.degrees = degrees;
    this.releasesEarly = releasesEarly;
  }

  /** What was copied goes at once, as from PyTorch 2.15 on. */
  boolean releasesEarly() {
    return releasesEarly;
  }

  GatheredUnit.Order order() {
    return order;
  }

  /** On which shards are cast and gathered. */
  Stream copyIn() {
    return copyIn;
  }

  Graph graph() {
    return order.graph();
  }

  /** {@code CPUOffloadPolicy}: shards and their gradients are in pinned host memory. */
  boolean keepsOnHost() {
    return degrees.offload().contains(OffloadTarget.PARAMETERS);
  }

  /** From now on, on another stream. */
  void copyIn(Stream stream) {
    copyIn = stream;
  }

  /** From now on there are shards of gradients to which what is reduced is added. */
  void addUp() {
    addsUp = true;
  }

  boolean addsUp() {
    return addsUp;
  }

  boolean reduces() {
    return reduces;
  }

  /** From now on, whether gradients are reduced. */
  void reduces(boolean value) {
    reduces = value;
  }

  boolean runsAdapters() {
    return adapters;
  }

  /** From now on, whether adapters run. */
  void runsAdapters(boolean value) {
    adapters = value;
  }

  /** Something of this rank's that lives from step to step. */
  Tensor keep(String name, Category category, long elements, DataType dtype) {
    graph().site().operation(SHARD);
    return keepsOnHost()
        ? graph().allocateOnHost(name, category, elements, dtype)
        : graph().allocate(name, category, elements, dtype);
  }

  /** One rank has nothing to gather: shards are copied to where gathered parameters are. */
  boolean isAlone() {
    return degrees.shards() == 1;
  }

  boolean replicates() {
    return degrees.replicate() > 1;
  }

  /** Dtype in which micro-batches are added up. */
  DataType sumDtype() {
    return degrees.reduceDtype();
  }

  DataType reduceDtype(DataType gradient) {
    return gradient == DataType.FP16 ? gradient : degrees.reduceDtype();
  }

  /** {@code release_all_gather_state_for_comm_reuse}: the next buffer is about to be read. */
  void releaseBeforeRead() {
    if (releasesEarly) {
      replaceGathered(null);
    }
  }

  /** Keeps an all-gather buffer until the next is read, so that the two can overlap. */
  void replaceGathered(@Nullable Tensor buffer) {
    gathered = replace(gathered, buffer);
  }

  /** Keeps the input of a reduce-scatter until the next begins. */
  void replaceReduced(@Nullable Tensor buffer) {
    reduced = replace(reduced, buffer);
  }

  /** Every group keeps the buffer of its all-reduce until the backward pass is over. */
  void keepAllReduced(Tensor buffer) {
    allReduced.add(new AllReduced(buffer, graph().iterations()));
  }

  /** {@code finalize_backward} of every group. */
  void dropAllReduced() {
    allReduced.forEach(kept -> graph().repeat(kept.copies(), () -> graph().release(kept.buffer())));
    allReduced.clear();
  }

  private @Nullable Tensor replace(@Nullable Tensor old, @Nullable Tensor buffer) {
    if (old != null) {
      graph().release(old);
    }
    return buffer;
  }
}
