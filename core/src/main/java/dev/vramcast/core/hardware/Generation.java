package dev.vramcast.core.hardware;

import dev.vramcast.core.units.Version;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What devices for which the same kernels are compiled have in common.
 *
 * @param id unique among generations, e.g. {@code sm_90}
 * @param name as the maker calls it, e.g. {@code Hopper}; two generations may share one
 */
public record Generation(
    String id,
    String name,
    Vendor vendor,
    Target target,
    Abilities abilities,
    Workspaces workspaces,
    Context context) {

  /**
   * What kernels exist for.
   *
   * @param bf16 matrix units take bf16
   * @param flashAttention the FlashAttention 2 kernels run
   * @param fp8 matrix units take fp8
   * @param prefersCudnn frameworks ask for cuDNN's attention before FlashAttention's
   * @param bnbQuantization weights of bitsandbytes in 4 and 8 bits
   * @param bnbOptimizers optimizers of bitsandbytes whose states have 8 bits
   */
  public record Abilities(
      boolean bf16,
      boolean flashAttention,
      boolean fp8,
      boolean prefersCudnn,
      boolean bnbQuantization,
      boolean bnbOptimizers) {}

  /**
   * Bytes that libraries take from PyTorch's allocator.
   *
   * @param cublas of one handle of PyTorch's cuBLAS (aten/src/ATen/cuda/CublasHandlePool.cpp)
   * @param cublasSince release of PyTorch from which on it is that; before, {@link #SMALL_CUBLAS};
   *     empty when always
   * @param transformerEngine of one workspace of TransformerEngine
   *     (transformer_engine/pytorch/cpp_extensions/gemm.py, get_cublas_workspace_size_bytes)
   */
  public record Workspaces(long cublas, Optional<Version> cublasSince, long transformerEngine) {

    /** {@code :4096:2:16:8}: two buffers of 4 MiB and eight of 16 KiB. */
    public static final long SMALL_CUBLAS = 8_519_680;

    /** Of one handle with a release of PyTorch. */
    public long cublas(Version torch) {
      return cublasSince.filter(since -> torch.compareTo(since) < 0).isPresent()
          ? SMALL_CUBLAS
          : cublas;
    }
  }

  /**
   * Bytes of a CUDA context with the kernels loaded into it, as measured; empty where nobody has
   * measured it.
   *
   * @param lazy kernels are loaded when they are first called
   * @param eager all kernels are loaded at the start
   */
  public record Context(OptionalLong lazy, OptionalLong eager) {}

  /** The compute capability; empty for other makers than NVIDIA. */
  public Optional<Capability> capability() {
    return target instanceof Capability capability ? Optional.of(capability) : Optional.empty();
  }
}
