package dev.vramcast.core.code;

import dev.vramcast.core.units.Version;

/**
 * What torchtitan's models and training loop do that differs between its versions. A job names the
 * version of PyTorch: 2.8 stands for torchtitan 0.1.0 of June 2025, 2.9 for 0.2.0 of October, 2.10
 * for 0.2.1 of December, and 2.11 for 0.2.2 of February 2026.
 */
record TorchtitanCode(Version torch) {

  /** {@code repeat_kv} before attention, until {@code enable_gqa} came (models/llama3/model). */
  boolean expandsHeads() {
    return !torch.atLeast(2, 11);
  }

  /**
   * The loss is compiled with the layers (components/loss.py), which began in the spring of 2025.
   */
  boolean compilesLoss() {
    return torch.atLeast(2, 8);
  }

  /**
   * Selective checkpointing keeps the results of cuDNN's attention, as it does those of other
   * kernels; the list of models/llama3/infra/parallelize.py left it out at first.
   */
  boolean keepsCudnnAttention() {
    return torch.atLeast(2, 10);
  }
}
