package dev.vramcast.core.job.code;

/** The software through which a step reaches the GPU. */
public enum LaunchStack {
  /** Settings and kernels tuned for the machine: Megatron's and trainers in C++. */
  TUNED,
  /** PyTorch modules, launched one by one. */
  MODULES,
  /** The same with fused kernels of the framework's own. */
  FUSED
}
