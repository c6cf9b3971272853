package dev.vramcast.core.module;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/** Writes the workspaces that cuBLAS's handles hold for good. */
public final class CublasWorkspaces {

  private static final Operation WORKSPACE =
      Operation.of(
          "cublasSetWorkspace", "aten/src/ATen/cuda/CublasHandlePool.cpp getCurrentCUDABlasHandle");

  /** The main thread's and the autograd thread's, each with a workspace. */
  private static final int HANDLES = 2;

  private CublasWorkspaces() {}

  /** Writes one for each handle, of so many bytes together; none where there are no bytes. */
  public static void write(Graph graph, long workspaceBytes) {
    for (int i = 0; i < HANDLES && workspaceBytes > 0; i++) {
      long bytes = workspaceBytes / HANDLES;
      graph.allocate(WORKSPACE, "cuBLAS workspaces", Category.OTHER, bytes, DataType.UINT8);
    }
  }
}
