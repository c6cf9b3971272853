package dev.vramcast.core.shard.zero;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.shard.FlatPartition;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
   * A group of parameters.
   *
   * @param elements that this rank steps on
   * @param atATime so many of them
   */
  record Part(long elements, long atATime) {}

  /**
   * Makes the masters, of fp32 parameters too: stage3.py _create_fp32_partitions shares those on
   * the same device, and compares that with its name, which no device equals.
   *
   * @param groups in the order in which the optimizer steps on them
   */
  void load(List<Part> groups) {
    partitions = groups.stream().flatMap(this::pieces).toList();
    if (onHost) {
      long elements = groups.stream().mapToLong(Part::elements).sum();
      graph.site().operation(MASTERS);
      graph.allocateOnHost(Block.MASTER_WEIGHTS, Category.OPTIMIZER, elements, dtype);
      graph.allocateOnHost("master gradients", Category.GRADIENTS, elements, dtype);
    } else {
      for (FlatPartition piece : partitions) {
        graph.repeat(
            piece.copies(),
            () ->
                graph.allocate(
                    MASTERS, Block.MASTER_WEIGHTS, Category.OPTIMIZER, piece.elements(), dtype));
      }
    }
  }

  private Stream<FlatPartition> pieces(Part group) {
    List<FlatPartition> pieces = new ArrayList<>();
    long piece = group.atATime();
    if (piece > 0 && group.elements() >= piece) {
      int copies = Math.toIntExact(group.elements() / piece);
      pieces.add(FlatPartition.of(graph, piece, dtype, copies));
    }
    if (piece > 0 && group.elements() % piece > 0) {
      pieces.add(FlatPartition.of(graph, group.elements() % piece, dtype, 1));
    }
    return pieces.stream();
  }

  /**
   * Steps on one partition after the other, where that is done on the GPU: its gradients are put
   * together, then made fp32.
   *
   * @param largest gradient that is made fp64 for its norm
   * @param flattened what happens when the gradients of the last partition have been put together:
   *     until then those of all lie in one piece
   */
  void step(long largest, Runnable flattened, Consumer<FlatPartition> update) {
    if (onHost) {
      return;
    }
    // A number of fp64 is two of fp32 wide (deepspeed/runtime/utils.py get_norm_dtype).
    graph.release(scratch("gradients in fp64", 2 * largest, DataType.FP32));
    for (int i = 0; i < partitions.size(); i++) {
      FlatPartition piece = partitions.get(i);
      boolean last = i == partitions.size() - 1;
      if (piece.copies() > 1) {
        graph.statesMade();
      }
      graph.repeat(
          piece.copies(),
          () -> {
            Tensor gradients = flatten(piece.elements());
            if (last) {
              flattened.run();
            }
            graph.statesMade();
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
