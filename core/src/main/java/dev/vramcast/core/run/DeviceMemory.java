package dev.vramcast.core.run;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.job.ResolvedJob;
import java.util.Optional;

/** What a process holds on a GPU beside its tensors. */
final class DeviceMemory {

  /** The main thread's handle and the autograd thread's. */
  private static final int CUBLAS_HANDLES = 2;

  private DeviceMemory() {}

  /** cuBLAS workspaces, which PyTorch takes from its own allocator; none for an unknown GPU. */
  static long workspaceBytes(Optional<Gpu> gpu) {
    return gpu.map(card -> CUBLAS_HANDLES * card.generation().workspaces().cublas()).orElse(0L);
  }

  /** What is outside PyTorch's allocator. */
  static RankEstimate.Outside outside(ResolvedJob job, Optional<Gpu> gpu) {
    return new RankEstimate.Outside(
        CudaContext.bytes(gpu, job.framework().torch()),
        Communicators.bytes(job.parallelism(), gpu),
        gpu.stream().mapToLong(card -> card.memory().bytes()).findFirst());
  }

  /**
   * The allocator's settings as they take effect: growing segments are built on the CUDA driver,
   * and PyTorch's builds for AMD warn that they are not supported
   * (c10/cuda/CUDAAllocatorConfig.cpp).
   */
  static AllocatorSettings allocator(ResolvedJob job, Optional<Gpu> gpu) {
    boolean grows =
        job.allocator().expandableSegments()
            && gpu.filter(card -> card.vendor() == Vendor.AMD).isEmpty();
    return new AllocatorSettings(grows, job.allocator().maxSplitBytes());
  }
}
