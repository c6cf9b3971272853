package dev.vramcast.core.run;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.run.outside.Communicators;
import dev.vramcast.core.run.outside.CudaContext;
import dev.vramcast.core.units.Version;
import java.util.Optional;

/** What a process holds on a GPU beside its tensors. */
final class DeviceMemory {

  /** The main thread's handle and the autograd thread's. */
  private static final int CUBLAS_HANDLES = 2;

  /**
   * From here on a workspace is taken for a product and given back, so that there is one at a time
   * (PyTorch PR 194311, TORCH_CUBLAS_WORKSPACE_CACHE).
   */
  private static final Version WORKSPACE_GIVEN_BACK = Version.of(2, 15);

  private DeviceMemory() {}

  /** cuBLAS workspaces, which PyTorch takes from its own allocator; none for an unknown GPU. */
  static long workspaceBytes(Optional<Gpu> gpu, Version torch) {
    boolean kept = torch.compareTo(WORKSPACE_GIVEN_BACK) < 0;
    return gpu.map(
            card -> (kept ? CUBLAS_HANDLES : 1) * card.generation().workspaces().cublas(torch))
        .orElse(0L);
  }

  /** What is outside PyTorch's allocator. */
  static RankEstimate.Outside outside(ResolvedJob job, Optional<Gpu> gpu) {
    return new RankEstimate.Outside(
        contexts(job) * CudaContext.bytes(gpu, job.framework().torch()),
        Communicators.bytes(job.parallelism(), gpu, job.framework().torch()),
        gpu.stream().mapToLong(card -> card.allocatableBytes()).findFirst());
  }

  /**
   * Contexts on each GPU. FSDP1 shards GPTQ's codes only where fms-acceleration shows them to it as
   * floats, whose loader asks accelerate for the memory of every GPU (fms_acceleration_peft,
   * gptqmodel/models/base.py from_quantized; accelerate/utils/modeling.py get_max_memory): each
   * process then has a context on each GPU of its machine.
   */
  private static int contexts(ResolvedJob job) {
    Parallelism degrees = job.parallelism();
    boolean asksAll =
        degrees.strategy() == Strategy.FSDP1
            && switch (job.quantization().scheme()) {
              case GPTQ_INT4, GPTQ_INT8 -> true;
              default -> false;
            };
    return asksAll ? Math.max(1, degrees.gpus() / degrees.nodes()) : 1;
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
