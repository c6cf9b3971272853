package dev.vramcast.core.shard.zero;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.shard.FlatPartition;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The part of the trained parameters that this rank steps on under ZeRO, as a flat copy in fp32
 * (deepspeed/runtime/zero/stage_1_and_2.py {@code single_partition_of_fp32_groups}, stage3.py
 * {@code fp32_partitioned_groups_flat}).
 */
final class MasterWeights {

  private static final Operation MASTERS =
      Operation.of(
          "single_partition_of_fp32_groups",
          "deepspeed/runtime/zero/stage_1_and_2.py single_partition_of_fp32_groups");

  private final Graph graph;
  private final DataType gradientDtype;
  private final DataType dtype;
  private final boolean onHost;
  private List<FlatPartition> partitions = List.of();

  MasterWeights(Graph graph, ResolvedJob job) {
    this.graph = graph;
    this.gradientDtype = ZeroSettings.sums(job);
    // bf16_master_weights_and_gradients leaves masters in the dtype of the model.
    this.dtype = job.optimizer().masterWeights() ? DataType.FP32 : job.computeDtype();
    this.onHost = ZeroSettings.offloads(job, OffloadTarget.OPTIMIZER);
  }

  DataType dtype() {
    return dtype;
  }

  boolean onHost() {
    return onHost;
  }

  List<FlatPartition> partitions() {
    return partitions;
  }

  /**
   * Makes the masters.
   *
   * @param elements that this rank steps on
   * @param group of which so many at a time
   * @param shared the parameters are the masters
   */
  void load(long elements, long group, boolean shared) {
    List<FlatPartition> pieces = new ArrayList<>();
    if (group > 0 && elements >= group) {
      pieces.add(FlatPartition.of(graph, group, dtype, Math.toIntExact(elements / group)));
    }
    if (group > 0 && elements % group > 0) {
      pieces.add(FlatPartition.of(graph, elements % group, dtype, 1));
    }
    partitions = List.copyOf(pieces);
    if (onHost) {
      graph.site().operation(MASTERS);
      graph.allocateOnHost("master weights", Category.OPTIMIZER, elements, dtype);
      graph.allocateOnHost("master gradients", Category.GRADIENTS, elements, dtype);
    } else if (!shared) {
      for (FlatPartition piece : partitions) {
        graph.repeat(
            piece.copies(),
            () ->
                graph.allocate(
                    MASTERS, "master weights", Category.OPTIMIZER, piece.elements(), dtype));
      }
    }
  }

  /**
   * Steps on one partition after the other, where that is done on the GPU: its gradients are put
   * together, then made fp32.
   *
   * @param largest gradient that is made fp64 for its norm
   * @param flattened what happens when the gradients of a partition have been put together
   */
  void step(long largest, Runnable flattened, Consumer<FlatPartition> update) {
    if (onHost) {
      return;
    }
    // A number of fp64 is two of fp32 wide (deepspeed/runtime/utils.py get_norm_dtype).
    graph.release(scratch("gradients in fp64", 2 * largest, DataType.FP32));
    for (FlatPartition piece : partitions) {
      graph.repeat(
          piece.copies(),
          () -> {
            Tensor gradients = flatten(piece.elements());
            flattened.run();
            update.accept(piece);
            graph.release(gradients);
          });
    }
  }

  private Tensor flatten(long elements) {
    Tensor flat = scratch("flat gradients", elements, gradientDtype);
    if (dtype == gradientDtype) {
      return flat;
    }
    Tensor wide = scratch("gradients in fp32", elements, dtype);
    graph.release(flat);
    return wide;
  }

  private Tensor scratch(String name, long elements, DataType of) {
    return graph.allocate(MASTERS, name, Category.TEMPORARIES, elements, of);
  }
}
