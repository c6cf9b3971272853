package dev.vramcast.core.job.code;

/** What decides how fast a framework's step runs. */
public final class KernelCode {

  /** Through which code a step reaches the GPU. */
  public static final CodeKey<LaunchStack> STACK =
      new CodeKey<>("kernels.stack", LaunchStack.MODULES);

  /** Strategy {@code megatron} is Megatron's own core, with its kernels. */
  public static final CodeKey<Boolean> MEGATRON_CORE =
      new CodeKey<>("kernels.megatron_core", false);

  /** Flash attention is the Triton kernel of 2023. */
  public static final CodeKey<Boolean> TRITON_ATTENTION =
      new CodeKey<>("kernels.triton_attention", false);

  /** Attention is cuDNN's, on cards that its kernels are written for. */
  public static final CodeKey<Boolean> CUDNN_ATTENTION =
      new CodeKey<>("kernels.cudnn_attention", false);

  /** 4-bit weights are unpacked by kernels of its own. */
  public static final CodeKey<Boolean> FUSED_DEQUANTISING =
      new CodeKey<>("kernels.fused_dequantising", false);

  private KernelCode() {}

  /** The software through which a step reaches the GPU. */
  public enum LaunchStack {
    /** Settings and kernels tuned for the machine: Megatron's and trainers in C++. */
    TUNED,
    /** PyTorch modules, launched one by one. */
    MODULES,
    /** The same with fused kernels of the framework's own. */
    FUSED
  }
}
