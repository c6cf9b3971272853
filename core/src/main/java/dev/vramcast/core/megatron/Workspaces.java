package dev.vramcast.core.megatron;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.module.CublasWorkspaces;
import java.util.Optional;

/**
 * What libraries take from PyTorch's allocator and keep.
 *
 * @param torchBytes cuBLAS workspaces of PyTorch, which runs the products of the head
 * @param engineBytes one cuBLAS workspace of TransformerEngine
 */
public record Workspaces(long torchBytes, long engineBytes) {

  /** Streams of grouped products, each with a workspace (common/util/multi_stream.cpp). */
  private static final int GROUPED_STREAMS = 4;

  /** Those of a GPU; none of TransformerEngine where none is named. */
  public static Workspaces of(Optional<Gpu> gpu, long torchBytes) {
    return new Workspaces(
        torchBytes, gpu.map(card -> card.generation().workspaces().transformerEngine()).orElse(0L));
  }

  void write(Graph graph, boolean groupedProducts) {
    CublasWorkspaces.write(graph, torchBytes);
    CublasWorkspaces.writeEngines(graph, engineBytes);
    if (groupedProducts) {
      graph.repeat(GROUPED_STREAMS, () -> CublasWorkspaces.writeEngines(graph, engineBytes));
    }
  }
}
