package dev.vramcast.core.hardware;

import dev.vramcast.core.input.Named;

/**
 * What cannot be derived from shapes: how far real kernels, links and launches are from the peaks.
 * Each has a value before any run is looked at, and how far runs may move it. Shares have no unit;
 * times are in milliseconds, rates in 10^9 bytes a second, traffic in bytes.
 *
 * <p>The values before are those of a fit to 708 published runs from 18 sources (MLPerf Training,
 * Megatron-Bridge, llm-foundry, LLMQ, Surogate, Qwen, InternEvo, torchtitan, torchtune and others)
 * unless another source is named. {@code vramcast validate --fit-time} moves them by the runs that
 * are part of the product.
 */
public enum SpeedCoefficient implements Named {
  /** Share of the dense bf16 peak that large products reach. */
  A100("efficiency-a100", 0.735, 0.1),
  HOPPER("efficiency-hopper", 0.59, 0.1),
  /** Hopper cut to 15 % of its matrix units, so that they hardly wait; four runs. */
  H20("efficiency-h20", 0.98, 0.1),
  BLACKWELL("efficiency-blackwell", 0.59, 0.1),
  /**
   * Large bf16 products reach 0.80 to 0.91 of the peak of a B300 or GB300 where a B200 or GB200
   * reaches 0.70 to 0.78 of the same (gemm_perf of vLLM 0.19 and 0.24 and SGLang 0.5.14 in
   * ai-dynamo/aiconfigurator 095f58a), 1.13 times as much.
   */
  BLACKWELL_ULTRA("efficiency-blackwell-ultra", 0.67, 0.1),
  RTX("efficiency-rtx", 0.955, 0.1),
  ADA_SERVER("efficiency-ada-server", 0.69, 0.1),
  /**
   * Workstation cards accumulate in fp32 at the full rate and so draw all their power below the
   * clock that their peak is for: large bf16 products reach 0.84 to 0.86 of an RTX PRO 6000's
   * (gemm_perf of ai-dynamo/aiconfigurator 095f58a) where consumer cards of half that rate reach
   * all of theirs, and so as much of what those reach in training.
   */
  WORKSTATION("efficiency-workstation", 0.80, 0.1),
  /**
   * MI300X with AMD's tuned kernels: 24 % of the fp8 peak where an MI325X reaches 33 % and an
   * MI355X 37 % (MLPerf Training v5.0 and v5.1, Llama-2-70B LoRA).
   */
  MI300X("efficiency-mi300x", 0.45, 0.1),
  /** MI325X, of the same chip with more power: its products reach 785 TFLOPS against 668. */
  MI325X("efficiency-mi325x", 0.60, 0.1),
  CDNA4("efficiency-cdna4", 0.65, 0.1),
  /**
   * A T4 is held at its base clock by its power limit, 585 of 1590 MHz, and so reaches 24 of 65
   * TFLOPS in lasting products (forums.developer.nvidia.com, 264462).
   */
  T4("efficiency-t4", 0.37, 0.1),
  /** An L4, another card of 70 W, has 795 of 2040 MHz. */
  L4("efficiency-l4", 0.39, 0.15),
  /**
   * Products reach 418.7 of 432 TFLOPS (stas00/ml-engineering, compute/accelerator/benchmarks), of
   * which a model's reach three quarters, as on an A100 or H100.
   */
  GAUDI2("efficiency-gaudi2", 0.73, 0.1),
  /** As {@link #GAUDI2}, 1243 of 1677. */
  GAUDI3("efficiency-gaudi3", 0.56, 0.1),
  /** No runs are known: a round number between the others. */
  UNKNOWN("efficiency-unknown", 0.7, 0),
  /** fp8 products relative to their peak, on data-centre cards. */
  FP8("fp8", 0.96, 0.1),
  /** As {@link #FP8}, on consumer and workstation cards and on the L40S. */
  FP8_SMALL_CARDS("fp8-small-cards", 0.87, 0.1),
  /** fp8 products that scale their operands in PyTorch relative to those that fuse it. */
  FP8_STOCK("fp8-stock", 0.8, 0.15),
  /** NVFP4 products relative to their peak. */
  NVFP4("nvfp4", 0.735, 0.1),
  /** Speed of attention kernels relative to that of matrix products. */
  ATTENTION("attention", 0.565, 0.15),
  /**
   * As {@link #ATTENTION}, of FlashAttention 2, long sequences and heads of 128 features: 189
   * TFLOPS forward and backward on an A100 (Dao, FlashAttention-2, 2023, figure 4, causal, 16,384
   * tokens), of the 219 of products.
   */
  FLASH2("attention-flash2", 0.86, 0.15),
  /** As {@link #ATTENTION}, of the Triton kernel of 2023 that llm-foundry's runs use. */
  TRITON_ATTENTION("attention-triton", 0.39, 0.15),
  /** As {@link #FLASH2}, on Hopper: 335 TFLOPS (section 4.1 there), of the 583 of products. */
  HOPPER_FLASH2("attention-flash2-hopper", 0.57, 0.15),
  /**
   * As {@link #FLASH2}, on Blackwell, which it does not know: forward and backward 310 to 345
   * TFLOPS on a B200 (Dao-AILab/flash-attention#1589), of the 1330 of products.
   */
  BLACKWELL_FLASH2("attention-flash2-blackwell", 0.25, 0.15),
  /**
   * As {@link #ATTENTION}, of cuDNN's kernels, which use the matrix units of Hopper and Blackwell
   * as FlashAttention 2 cannot: FlashAttention 3, as fast as they are, reaches 500 TFLOPS forward
   * and backward (Shah et al., FlashAttention-3, 2024, figures 5 and 6), of the 583 of products,
   * and a little more of longer sequences.
   */
  CUDNN_ATTENTION("attention-cudnn", 0.90, 0.15),
  /**
   * Passes over the two large activations of a layer, forward and backward, by norms, activation
   * functions, rotary embeddings and residuals. Counted read by read, fused kernels take 12 in a
   * Llama, which wait for weights and statistics too. Runs show 22, of which 5 are what products
   * take beside their operations.
   */
  TUNED_PASSES("passes-tuned", 17, 0.2),
  /** As {@link #TUNED_PASSES}, of {@code torch.compile}. */
  COMPILED_PASSES("passes-compiled", 17, 0.2),
  /** As {@link #TUNED_PASSES}, of models that a framework wrote for training; a guess. */
  NATIVE_PASSES("passes-native", 45, 0.2),
  /**
   * As {@link #TUNED_PASSES}, of Transformers' modules one by one: 192 bytes a feature of the
   * residual stream in two norms, 55 in rotary embeddings and 24 in residuals, and 28 a feature
   * inside the MLP (models/llama/modeling_llama.py), 41 to 47 passes, at nine tenths of the
   * bandwidth.
   */
  EAGER_PASSES("passes-eager", 50, 0.2),
  /** As {@link #TUNED_PASSES}, of the same with fused kernels: Unsloth, Liger. */
  FUSED_PASSES("passes-fused", 17, 0.2),
  /**
   * Bytes moved for each logit by PyTorch's cross-entropy on logits that are cast to fp32, forward
   * and backward: a cast of 6, the logarithm of 8, its gradient of 8, and a cast of 6.
   */
  LOGIT_BYTES("loss", 28, 0.3),
  /** As {@link #LOGIT_BYTES}, of one kernel for all, which writes gradients over logits. */
  LOGIT_BYTES_FUSED("loss-fused", 6, 0.3),
  /**
   * A forward pass that is run again for the time of one that is run first: torchtune and torchao
   * lose 21 and 16 % to checkpointing, where a pass for a pass were 25 %. Non-reentrant checkpoints
   * stop before the last product, whose result nothing needs (torch/utils/checkpoint.py,
   * _StopRecomputationError).
   */
  RECOMPUTED("recomputed", 0.85, 0.1),
  /** Products and attention of users' stacks on Blackwell relative to those on older cards. */
  STOCK_BLACKWELL("kernels-stock-blackwell", 1.3, 0.2),
  /** PyTorch's own kernels on CDNA 3 relative to those of AMD's tuned stack; torchtitan's runs. */
  STOCK_CDNA3("kernels-stock-cdna3", 1.9, 0.1),
  /** CPU milliseconds to launch one layer without adapters, forward and backward. */
  TUNED_LAUNCH("launch-tuned", 0.12, 0.3),
  /** As {@link #TUNED_LAUNCH}, of compiled modules; a guess. */
  COMPILED_LAUNCH("launch-compiled", 0.30, 0.5),
  /** As {@link #TUNED_LAUNCH}, of models that a framework wrote for training; a guess. */
  NATIVE_LAUNCH("launch-native", 1.5, 0.5),
  /** As {@link #TUNED_LAUNCH}, of Transformers' modules one by one. */
  EAGER_LAUNCH("launch-eager", 3.3, 0.3),
  /** As {@link #TUNED_LAUNCH}, with DeepSpeed's hooks of ZeRO-3. */
  ZERO3_LAUNCH("launch-zero3", 8.1, 0.3),
  /** Launches of a layer with adapters relative to one without. */
  ADAPTER_LAUNCHES("launches-adapters", 1.5, 0.15),
  /** Bytes moved to dequantise one weight once, bitsandbytes' NF4 kernels. */
  DEQUANTISED_BYTES("dequantised", 15, 0.3),
  /** As {@link #DEQUANTISED_BYTES}, Unsloth's kernels. */
  DEQUANTISED_BYTES_UNSLOTH("dequantised-unsloth", 6.5, 0.3),
  /** As {@link #DEQUANTISED_BYTES}, GPTQ's and torchao's kernels. */
  DEQUANTISED_BYTES_SLOW("dequantised-slow", 21, 0.3),
  /** Bytes moved by a fused AdamW for one parameter. */
  OPTIMIZER_BYTES("optimizer", 22, 0.2),
  /** Of the one-way speed that NVLink and its like are sold with, beside other work. */
  NVLINK("nvlink", 0.41, 0.2),
  /** PCIe between GPUs that reach each other's memory. */
  PCIE("pcie", 19.4, 0.2),
  /** Of the speed of the network adapters that a machine has for each GPU. */
  NETWORK("network", 0.92, 0.2),
  /** Of computing or launching, the part that communication can hide behind. */
  OVERLAP("overlap", 0.83, 0.1),
  /**
   * Of communication that hides behind computing, the part that it still costs: its kernels take
   * multiprocessors and memory bandwidth from products. NCCL's 16 to 24 channels are as many of 108
   * to 132 multiprocessors.
   */
  CONTENTION("contention", 0.1, 0.5),
  /**
   * Of the all-reduces of tensor parallelism over NVLink, the part that tuned stacks do not hide
   * behind products.
   */
  TENSOR_EXPOSED("tensor-exposed", 0.6, 0.3),
  /** Loss of each doubling of pipeline parallelism over NVLink. */
  MODEL_PARALLEL("loss-model-parallel", 0.038, 0.5),
  /** Loss of each doubling of the number of machines. */
  MACHINES("loss-machines", 0.0265, 0.5),
  /**
   * Bytes of host memory that an update on the CPU moves, with vector instructions: 10^10 weights
   * in 2.57 s at 28 bytes each (ZeRO-Offload, Ren et al., 2021, table 4, CPU-Adam).
   */
  HOST_ADAM("host-adam", 109, 0.3),
  /** As {@link #HOST_ADAM}, by PyTorch's own optimizer on the CPU: 14.76 s. */
  HOST_TORCH_ADAM("host-torch-adam", 19, 0.3),
  /**
   * Of the memory bandwidth, the share at which weights, keys and values are read while completions
   * are generated: vLLM's bf16 products of one to 64 rows reach 0.70 of an A100's, 0.83 of an
   * H100's and 0.75 of a GB200's (least squares over the 500 shapes of gemm_perf of each card in
   * ai-dynamo/aiconfigurator 095f58a), and vLLM 0.6.3 reads Qwen2.5 of 7B to 32B at 0.75 of an
   * A100's (QwenLM/Qwen2.5 f4d356c, speed_benchmark.rst).
   */
  DECODE_MEMORY("decode-memory", 0.75, 0.1),
  /**
   * Milliseconds that an engine takes for a token beside its kernels, to schedule and sample it:
   * what vLLM's Qwen2.5 of 0.5B to 32B take of an A100 at one sequence, less kernels and memory (as
   * {@link #DECODE_MEMORY}, 0.6 to 2.6).
   */
  ENGINE_STEP("engine-step", 1.5, 0.5),
  /**
   * As {@link #ENGINE_STEP}, microseconds for each sequence: of vLLM with Qwen3 8B on an H100,
   * whose 327 to 512 sequences have a token every 25 to 35 ms (tgarg01/silybench-data,
   * capacity.csv), 12 to 17.
   */
  ENGINE_SEQUENCE("engine-sequence", 13, 0.5),
  /**
   * Launches of a layer for one token that is generated relative to those of a forward and a
   * backward pass ({@link #EAGER_LAUNCH}): Transformers takes 0.88 ms for each layer of Qwen2.5 of
   * 0.5B to 32B (4.46, as {@link #DECODE_MEMORY}) and 0.61 of Qwen3 of 0.6B to 14B (4.51, 77fb0c1
   * there), by hosts of other speed.
   */
  DECODE_LAUNCHES("launches-decode", 0.25, 0.2),
  /**
   * CPU milliseconds to launch one layer for one token by DeepSpeed's hybrid engine, with sampling:
   * 256 tokens of four sequences take OPT-1.3B of 24 layers 2.5 s (deepspeedai/DeepSpeedExamples
   * 45b4b71, training_log_output/actor_opt-1.3b_critic_opt-350m_globalBatchSize64.log), of which
   * its weights are read in at most a third.
   */
  HYBRID_LAUNCH("launch-hybrid", 0.40, 0.3),
  /**
   * Grouped products of routed experts relative to dense ones, beside what they move and wait for:
   * a fifth of their tiles is not full, and the busiest of GPUs is waited for. vLLM's kernels in
   * Triton reach 0.56 of an H100's peak where its dense ones reach 0.84 (moe_perf and gemm_perf of
   * ai-dynamo/aiconfigurator 095f58a).
   */
  GROUPED_EXPERTS("experts-grouped", 1.5, 0.2),
  /**
   * On Blackwell, with kernels that do not use its matrix units and so are no faster than on
   * Hopper, 989 for 2250 TFLOPS.
   */
  BLACKWELL_EXPERTS("experts-stock-blackwell", 2.2, 0.2),
  /** The whole of a model relative to a dense one, where one expert runs after the other. */
  LOOPED_EXPERTS("experts-looped", 9, 0.3);

  private final String label;
  private final double before;
  private final double freedom;

  SpeedCoefficient(String label, double before, double freedom) {
    this.label = label;
    this.before = before;
    this.freedom = freedom;
  }

  @Override
  public String label() {
    return label;
  }

  /** The value before runs are looked at. */
  public double before() {
    return before;
  }

  /** Standard deviation of its logarithm before runs are looked at; 0 for what no run decides. */
  public double freedom() {
    return freedom;
  }
}
