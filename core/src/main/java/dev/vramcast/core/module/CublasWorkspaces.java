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

  private static final Operation ENGINES =
      Operation.of("get_cublas_workspace", "transformer_engine/pytorch/cpp_extensions/gemm.py");

  private CublasWorkspaces() {}

  /** Writes one of TransformerEngine, which all linears of a stream share; none of no bytes. */
  public static void writeEngines(Graph graph, long workspaceBytes) {
    if (workspaceBytes > 0) {
      graph.allocate(ENGINES, "cuBLAS workspaces", Category.OTHER, workspaceBytes, DataType.UINT8);
    }
  }

  /** Writes one for each handle, of so many bytes together; none where there are no bytes. */
  public static void write(Graph graph, long workspaceBytes) {
    for (int i = 0; i < HANDLES && workspaceBytes > 0; i++) {
      long bytes = workspaceBytes / HANDLES;
      graph.allocate(WORKSPACE, "cuBLAS workspaces", Category.OTHER, bytes, DataType.UINT8);
    }
  }
}
