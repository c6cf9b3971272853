package dev.vramcast.core.run;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.units.Version;
import java.util.Optional;

/**
 * What a process holds on a GPU before the first tensor: the CUDA context and the kernels loaded
 * into it. It depends on the card and on how its kernels are loaded; there is no formula.
 */
final class CudaContext {

  /** First release whose kernels are loaded when they are first called. */
  private static final Version LAZY_LOADING = Version.of(2, 0);

  /** Measured: 0.47 GiB on an A100, PyTorch 2.1.1 (ml-engineering, training/performance). */
  private static final long AMPERE_LAZY = 481L << 20;

  /** Measured: 0.92 GiB on an A100, PyTorch 2.1.1 (ml-engineering, training/performance). */
  private static final long AMPERE_EAGER = 942L << 20;

  /** Measured: 426 MiB on an RTX 6000 Ada, PyTorch 2.10 with CUDA 13.0 (unsloth-zoo PR 1053). */
  private static final long ADA_LAZY = 426L << 20;

  /** Measured: 1343 MiB on a V100 (Transformers 4.2x, perf_train_gpu_one). */
  private static final long VOLTA_EAGER = 1343L << 20;

  /** Inferred for other cards: between the above and 616 MiB on a server's (LMCache issue 4019). */
  private static final long OTHER_LAZY = 500L << 20;

  /** Inferred for other cards: 666,632,192 bytes with PyTorch 1.13 (pytorch PR 86509). */
  private static final long OTHER_EAGER = 666_632_192;

  private CudaContext() {}

  /** Bytes of the context of a process that uses one card. */
  static long bytes(Optional<Gpu> gpu, Version torch) {
    boolean lazy = torch.compareTo(LAZY_LOADING) >= 0;
    return switch (gpu.map(Gpu::computeCapability).orElse("")) {
      case "7.0" -> lazy ? OTHER_LAZY : VOLTA_EAGER;
      case "8.0" -> lazy ? AMPERE_LAZY : AMPERE_EAGER;
      case "8.9" -> lazy ? ADA_LAZY : OTHER_EAGER;
      default -> lazy ? OTHER_LAZY : OTHER_EAGER;
    };
  }
}
