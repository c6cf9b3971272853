package dev.vramcast.core.run.outside;

import dev.vramcast.core.hardware.Generation.Context;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.units.Version;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a process holds on a GPU before the first tensor: the CUDA context and the kernels loaded
 * into it. It depends on the card and on how its kernels are loaded; there is no formula, so that
 * the catalogue has it for the generations on which it was measured.
 */
public final class CudaContext {

  /** First release whose kernels are loaded when they are first called. */
  private static final Version LAZY_LOADING = Version.of(2, 0);

  /** Inferred: between an A100's 481 MiB and 616 MiB on a server's card (LMCache issue 4019). */
  private static final long OTHER_LAZY = 500L << 20;

  /** Inferred: 666,632,192 bytes with PyTorch 1.13 (pytorch PR 86509). */
  private static final long OTHER_EAGER = 666_632_192;

  private CudaContext() {}

  /** Bytes of the context of a process that uses one card. */
  public static long bytes(Optional<Gpu> gpu, Version torch) {
    boolean lazy = torch.compareTo(LAZY_LOADING) >= 0;
    Optional<Context> measured = gpu.map(card -> card.generation().context());
    OptionalLong bytes =
        measured.map(lazy ? Context::lazy : Context::eager).orElse(OptionalLong.empty());
    return bytes.orElse(lazy ? OTHER_LAZY : OTHER_EAGER);
  }
}
