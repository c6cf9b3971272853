package dev.vramcast.core.time;

/**
 * Tokens over time, padding included.
 *
 * @param tokensPerSecondPerGpu of one of the GPUs
 * @param modelFlopsUtilization operations that the model needs, without recomputation, for those
 *     that the GPUs could do at their dense peak
 * @param range of {@link #tokensPerSecond()}
 */
public record Throughput(
    double tokensPerSecondPerGpu, int gpus, double modelFlopsUtilization, SpeedRange range) {

  /** Of all GPUs. */
  public double tokensPerSecond() {
    return tokensPerSecondPerGpu * gpus;
  }
}
