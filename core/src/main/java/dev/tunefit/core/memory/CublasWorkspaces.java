package dev.tunefit.core.memory;

import dev.tunefit.core.hardware.Gpu;
import java.util.Optional;

/** cuBLAS workspaces: one for each handle that multiplies matrices. */
final class CublasWorkspaces {

  /** {@code CUBLAS_WORKSPACE_CONFIG} default {@code :4096:2:16:8} (CublasHandlePool.cpp). */
  private static final long BYTES = 8_519_680;

  /** The default on compute capability 9.0 and later. */
  private static final long HOPPER_BYTES = 32L << 20;

  private CublasWorkspaces() {}

  /** Bytes of one, which PyTorch takes from its own allocator; none for an unknown GPU. */
  static long bytes(Optional<Gpu> gpu) {
    return gpu.map(CublasWorkspaces::workspace).orElse(0L);
  }

  private static long workspace(Gpu gpu) {
    boolean hopper = gpu.computeCapability().matches("(9|1[0-9])\\..*");
    return hopper ? HOPPER_BYTES : BYTES;
  }
}
