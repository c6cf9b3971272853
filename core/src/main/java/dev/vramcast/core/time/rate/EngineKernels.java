package dev.vramcast.core.time.rate;

import static dev.vramcast.core.units.Multiples.MICRO;

/**
 * What an engine's kernels take beside reading weights, keys and values, where a CUDA graph
 * launches one after the other. Figures are of vLLM 0.14 to 0.24 in bf16 on A100, H100 and GB200,
 * which ai-dynamo/aiconfigurator 095f58a measured ({@code aic-core/…/systems/data}).
 */
public final class EngineKernels {

  /** Of a product of so few weights that it reads next to nothing: 2.5 to 4.5 (gemm_perf). */
  private static final double PRODUCT = 3.3;

  /** Of attention to few tokens: 10 to 14 (generation_attention_perf). */
  private static final double ATTENTION = 12;

  /** Of two norms, the rotation, the activation and the write of keys and values; as a product. */
  private static final double OTHERS = 5 * 2.5;

  /** Of sorting tokens by expert, two grouped products and a sum: 20 to 25 (moe_perf). */
  private static final double EXPERTS = 20;

  /**
   * Seconds for each feature of the residual stream and expert that some token visits: what a
   * grouped product of 48 to 512 columns takes on an H100 more than to read them, and 1.3e-10 on a
   * GB200 (moe_perf, hidden 2048 to 7168, 128 and 256 experts, 64 tokens).
   */
  private static final double EXPERT_FEATURE = 1.1e-10;

  /** Products of a layer: of queries, keys and values at once, behind attention, and of the MLP. */
  private static final int PRODUCTS = 4;

  private EngineKernels() {}

  /**
   * Seconds of one token.
   *
   * @param layers decoder layers
   * @param mixtures of these, with routed experts, whose router stands for the two of an MLP
   */
  public static double seconds(double layers, double mixtures) {
    double layer = PRODUCTS * PRODUCT + ATTENTION + OTHERS;
    return MICRO * (layers * layer + mixtures * (EXPERTS - PRODUCT));
  }

  /**
   * Seconds beside reading the weights of experts.
   *
   * @param visited experts of all layers
   * @param hidden features of the residual stream
   */
  public static double ofExperts(double visited, double hidden) {
    return EXPERT_FEATURE * visited * hidden;
  }
}
