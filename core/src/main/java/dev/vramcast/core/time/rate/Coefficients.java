package dev.vramcast.core.time.rate;

import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.job.Parallelism;

/** Constants of the formula that stand in a source and that no run moves. */
public final class Coefficients {

  /**
   * Tokens that attention takes a query to see beside those that it sees: of causal kernels, which
   * compute whole tiles at the diagonal and start with each. Least squares over the forward passes
   * of vLLM (context_attention_perf of ai-dynamo/aiconfigurator 095f58a): 460 on an A100, 370 to
   * 610 on an L40S, 430 to 640 on an RTX PRO 6000.
   */
  static final double DIAGONAL = 500;

  /** As {@link #DIAGONAL}: 780 to 1,040 on an H100 or H200, 620 to 1,240 on B200 to GB300. */
  static final double DIAGONAL_LARGE = 900;

  /**
   * Features of a head that take as long as its exponentials, which it has whatever its width: 28
   * to 50 on an L40S and an RTX PRO 6000 (as {@link #DIAGONAL}, heads of 64 and of 128).
   */
  static final double EXPONENTIALS = 40;

  /** As {@link #EXPONENTIALS}: 51 to 81 on an H100 or H200. */
  static final double EXPONENTIALS_HOPPER = 65;

  /** As {@link #EXPONENTIALS}: 123 to 198 on B200 to GB300, whose products alone are faster. */
  static final double EXPONENTIALS_BLACKWELL = 150;

  /** Features of a head that attention's coefficients are for. */
  public static final double HEAD = 128;

  /**
   * Of the time in which a product's operands and result are read and written, the part that is not
   * hidden behind its operations. With it, {@link #PRODUCT} and one rate, the bf16 products of 512
   * to 16,384 rows, columns and features of vLLM, SGLang and TensorRT-LLM (gemm_perf, as {@link
   * #DIAGONAL}) are met within 5 % in the middle: 0.24 to 0.37 on an H100 or H200, 0.24 to 0.48 on
   * a B200, 0.40 to 0.54 on a GB300, 0.10 to 0.38 on an L40S, 0.58 to 0.77 on an RTX PRO 6000.
   */
  public static final double OPERANDS = 0.35;

  /** Seconds that a product takes however small it is: 2.3 to 4.3 microseconds. */
  public static final double PRODUCT = 3e-6;

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

  /**
   * Bytes that a pass moves for each feature that is sent to an expert: three times what grouped
   * products read and write, 2 (2 hidden + 3 inner) bytes a token and expert, beside weights at the
   * full bandwidth and products at the rate of dense ones: least squares over the bf16 experts of
   * TensorRT-LLM (moe_perf, as {@link #DIAGONAL}; H100 2.2 to 2.6 times, H200 2.6 to 3.2, B200 2.9
   * to 3.1, GB300 3.0 to 3.4, within 5 to 10 % in the middle).
   */
  public static final double ROUTED_BYTES = 12;

  /** As {@link #ROUTED_BYTES} inside an expert: 18, less what activations are counted for. */
  public static final double INNER_BYTES = 7;

  /** GPUs of a machine, where no NVLink domain is larger. */
  static final int GPUS_PER_MACHINE = Parallelism.USUAL_IN_A_MACHINE;

  private Coefficients() {}
}
