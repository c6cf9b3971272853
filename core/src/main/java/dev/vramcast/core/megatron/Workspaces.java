package dev.vramcast.core.megatron;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.Optional;

/**
 * What libraries take from PyTorch's allocator and keep.
 *
 * @param torchBytes cuBLAS workspaces of PyTorch, which runs the products of the head
 * @param engineBytes one cuBLAS workspace of TransformerEngine
 */
public record Workspaces(long torchBytes, long engineBytes) {

  private static final Operation WORKSPACE =
      Operation.of(
          "cublasSetWorkspace", "aten/src/ATen/cuda/CublasHandlePool.cpp getCurrentCUDABlasHandle");

  /** Streams of grouped products, each with a workspace (common/util/multi_stream.cpp). */
  private static final int GROUPED_STREAMS = 4;

  /** Those of a GPU; none of TransformerEngine where none is named. */
  public static Workspaces of(Optional<Gpu> gpu, long torchBytes) {
    return new Workspaces(
        torchBytes, gpu.map(card -> card.generation().workspaces().transformerEngine()).orElse(0L));
  }

  void write(Graph graph, boolean groupedProducts) {
    allocate(graph, torchBytes);
    allocate(graph, engineBytes);
    if (groupedProducts) {
      graph.repeat(GROUPED_STREAMS, () -> allocate(graph, engineBytes));
    }
  }

  private static void allocate(Graph graph, long bytes) {
    if (bytes > 0) {
      graph.allocate(WORKSPACE, "cuBLAS workspaces", Category.OTHER, bytes, DataType.UINT8);
    }
  }
}
