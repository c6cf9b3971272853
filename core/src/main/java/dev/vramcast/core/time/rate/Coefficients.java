package dev.vramcast.core.time.rate;

import dev.vramcast.core.time.StepTime;

/**
 * What cannot be derived from shapes: how far real kernels, links and launches are from the peaks.
 *
 * <p>Unless a constant names another source, it is the rounded value of one fit of {@link StepTime}
 * to 708 published runs from 18 sources (llm-foundry, Megatron-Bridge, MLPerf Training, LLMQ,
 * Surogate, Qwen, InternEvo, torchtitan, torchtune, fsdp_qlora, ms-swift and others); the numbers
 * behind it are the least and the greatest value when one source is left out.
 */
public final class Coefficients {

  /**
   * Passes over the two large activations of a layer, forward and backward, by norms, activation
   * functions, rotary embeddings, residuals and the loss; 28 to 35.
   */
  public static final double MEMORY_PASSES = 31;

  /** Speed of attention kernels relative to that of matrix products; 0.50 to 0.61. */
  public static final double ATTENTION = 0.565;

  /** As {@link #ATTENTION}, of the Triton kernel of 2023 that llm-foundry's runs use. */
  public static final double TRITON_ATTENTION = 0.39;

  /** As {@link #ATTENTION}, for long sequences, where kernels are at their best; five runs. */
  static final double LONG_ATTENTION = 0.75;

  /** Tokens of a sequence up to which attention runs at {@link #ATTENTION}. */
  static final double SHORT = 8192;

  /** Tokens of a sequence from which it runs at {@link #LONG_ATTENTION}. */
  static final double LONG = 16_384;

  /** As {@link #ATTENTION}, of code that writes all scores to memory; a judgement. */
  static final double EAGER_ATTENTION = 0.15;

  /** Work of flash attention in units of its forward pass: the backward pass takes 2.5. */
  public static final double ATTENTION_PASSES = 3.5;

  /** NVFP4 products relative to their peak; 0.70 to 0.77. */
  public static final double NVFP4 = 0.735;

  /** Launches of a layer with adapters relative to one without. */
  public static final double ADAPTER_LAUNCHES = 1.5;

  /** Of the shorter of computing and launching, the part that the longer does not hide. */
  public static final double UNHIDDEN = 0.25;

  /** Bytes moved to dequantise one weight once, bitsandbytes' NF4 kernels; 6 to 19. */
  public static final double DEQUANTISED_BYTES = 15;

  /** As {@link #DEQUANTISED_BYTES}, Unsloth's kernels; 5 to 8, from few runs. */
  static final double DEQUANTISED_BYTES_UNSLOTH = 6.5;

  /** As {@link #DEQUANTISED_BYTES}, GPTQ's and torchao's kernels; 18 to 25, from few runs. */
  static final double DEQUANTISED_BYTES_SLOW = 21;

  /** Bytes moved by a fused AdamW for one parameter; 16 to 34. */
  public static final double OPTIMIZER_BYTES = 22;

  /** As {@link #OPTIMIZER_BYTES}, with 8-bit states. */
  static final double OPTIMIZER_BYTES_8BIT = 10;

  /**
   * Reads and writes of a foreach AdamW for those of a fused one, 21 for 7: decay 2, first moment
   * 3, second moment 2 and 4, root 2, bias 2, epsilon 2, update 4 (torch/optim/adamw.py,
   * _multi_tensor_adamw); a fused kernel reads four tensors and writes three.
   */
  static final double FOREACH = 3;

  /** Of the one-way speed that NVLink and its like are sold with; 0.40 to 0.60. */
  public static final double NVLINK = 0.41;

  /**
   * As {@link #NVLINK}, of collectives that nothing runs beside: an all-reduce of eight A100
   * reaches 235 of 300 GB/s (stas00/ml-engineering, network/benchmarks).
   */
  static final double NVLINK_ALONE = 0.78;

  /** PCIe between GPUs that reach each other's memory, bytes a second; 12 to 20. */
  public static final double PCIE = 19.4e9;

  /**
   * PCIe through the host's memory, bytes a second; 2.8 to 3.4 on boards with RTX 3090, RTX A5000
   * and RTX 6000 Ada, 13.7 on one with RTX 4090 (AnswerDotAI/fsdp_qlora, benchmarks_03_2024.md).
   * The copies take turns with computing: under FSDP, steps of 512 to 12,288 tokens took 3.8 to 4.6
   * s longer than what they computed, for 13 GB.
   */
  public static final double PCIE_THROUGH_HOST = 3.0e9;

  /** Between machines, for each GPU, bytes a second; 15 to 24. */
  public static final double NETWORK = 23e9;

  /** GPUs of a machine, where no NVLink domain is larger. */
  static final int GPUS_PER_MACHINE = 8;

  /** Of computing or launching, the part that communication can hide behind; 0.79 to 0.85. */
  public static final double OVERLAP = 0.83;

  /** Loss of each doubling of tensor, pipeline and context parallelism over NVLink. */
  static final double MODEL_PARALLEL = 0.038;

  /** Loss of each doubling of the number of machines. */
  static final double MACHINES = 0.0265;

  /** Routed experts by grouped products, relative to a dense model of their active part. */
  public static final double GROUPED_EXPERTS = 1.9;

  /** As {@link #GROUPED_EXPERTS}, one expert after the other; one run of axolotl, at least. */
  public static final double LOOPED_EXPERTS = 9;

  /** PyTorch's own kernels on CDNA 3 relative to those of AMD's tuned stack; torchtitan's runs. */
  static final double STOCK_CDNA3 = 1.9;

  private Coefficients() {}
}
