package dev.vramcast.core.time.rate;

import dev.vramcast.core.hardware.SpeedCoefficient;

/** Constants of the formula that stand in a source and that no run moves. */
public final class Coefficients {

  /** Tokens of a sequence up to which attention runs at {@link SpeedCoefficient#ATTENTION}. */
  static final double SHORT = 8192;

  /** Tokens of a sequence from which it runs at {@link SpeedCoefficient#LONG_ATTENTION}. */
  static final double LONG = 16_384;

  /**
   * As {@link SpeedCoefficient#ATTENTION}, of code that writes all scores to memory; a judgement.
   */
  static final double EAGER_ATTENTION = 0.15;

  /** Work of flash attention in units of its forward pass: the backward pass takes 2.5. */
  public static final double ATTENTION_PASSES = 3.5;

  /** Of the shorter of computing and launching, the part that the longer does not hide. */
  public static final double UNHIDDEN = 0.25;

  /** As {@link SpeedCoefficient#OPTIMIZER_BYTES}, with 8-bit states. */
  static final double OPTIMIZER_BYTES_8BIT = 10;

  /**
   * Reads and writes of a foreach AdamW for those of a fused one, 21 for 7: decay 2, first moment
   * 3, second moment 2 and 4, root 2, bias 2, epsilon 2, update 4 (torch/optim/adamw.py,
   * _multi_tensor_adamw); a fused kernel reads four tensors and writes three.
   */
  static final double FOREACH = 3;

  /**
   * As {@link SpeedCoefficient#NVLINK}, of collectives that nothing runs beside: an all-reduce of
   * eight A100 reaches 235 of 300 GB/s (stas00/ml-engineering, network/benchmarks).
   */
  static final double NVLINK_ALONE = 0.78;

  /**
   * PCIe through the host's memory, bytes a second; 2.8 to 3.4 on boards with RTX 3090, RTX A5000
   * and RTX 6000 Ada, 13.7 on one with RTX 4090 (AnswerDotAI/fsdp_qlora, benchmarks_03_2024.md).
   * The copies take turns with computing: under FSDP, steps of 512 to 12,288 tokens took 3.8 to 4.6
   * s longer than what they computed, for 13 GB.
   */
  public static final double PCIE_THROUGH_HOST = 3.0e9;

  /** Bytes of a weight in the dtype of products. */
  public static final double WEIGHT_BYTES = 2;

  /** Bytes of a parameter that an AdamW in fp32 reads, 16, and writes, 12. */
  static final double HOST_BYTES = 28;

  /** GPUs of a machine, where no NVLink domain is larger. */
  static final int GPUS_PER_MACHINE = 8;

  private Coefficients() {}
}
