package dev.vramcast.core.architecture.traits;

/** Which of its two ways a recurrent mixer runs: those of mamba_ssm and its likes, or PyTorch's. */
public enum RecurrentPath {
  /** In plain PyTorch; also where a model has no recurrent mixer. */
  TORCH,
  /** {@code cuda_kernels_forward}. */
  KERNELS
}
