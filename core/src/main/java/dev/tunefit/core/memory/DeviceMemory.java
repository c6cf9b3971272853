package dev.tunefit.core.memory;

import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.job.Version;
import java.util.Optional;

/** What a process holds on a GPU beside its tensors. */
final class DeviceMemory {

  /**
   * CUDA context with lazily loaded kernels: 426 MiB on an RTX 6000 Ada (unsloth-zoo PR 1053), 0.47
   * GiB on an A100 (ml-engineering, training/performance), 616 MiB on a server GPU (LMCache issue
   * 4019). The middle is taken.
   */
  private static final long LAZY_CONTEXT_BYTES = 500L << 20;

  /** Before CUDA 11.7 every kernel was loaded: 666,632,192 bytes with PyTorch 1.13 (PR 86509). */
  private static final long EAGER_CONTEXT_BYTES = 666_632_192;

  /** First release built with lazy loading. */
  private static final Version LAZY_LOADING = Version.of(2, 0);

  /** {@code CUBLAS_WORKSPACE_CONFIG} default {@code :4096:2:16:8} (CublasHandlePool.cpp). */
  private static final long CUBLAS_WORKSPACE_BYTES = 8_519_680;

  /** The default on compute capability 9.0 and later. */
  private static final long CUBLAS_WORKSPACE_HOPPER_BYTES = 32L << 20;

  /** The main thread's handle and the autograd thread's. */
  private static final int CUBLAS_HANDLES = 2;

  private DeviceMemory() {}

  /** cuBLAS workspaces, which PyTorch takes from its own allocator; none for an unknown GPU. */
  static long workspaceBytes(Optional<Gpu> gpu) {
    return gpu.map(DeviceMemory::workspace).orElse(0L);
  }

  private static long workspace(Gpu gpu) {
    boolean hopper = gpu.computeCapability().matches("(9|1[0-9])\\..*");
    return CUBLAS_HANDLES * (hopper ? CUBLAS_WORKSPACE_HOPPER_BYTES : CUBLAS_WORKSPACE_BYTES);
  }

  static long contextBytes(Version torch) {
    return torch.compareTo(LAZY_LOADING) < 0 ? EAGER_CONTEXT_BYTES : LAZY_CONTEXT_BYTES;
  }
}
