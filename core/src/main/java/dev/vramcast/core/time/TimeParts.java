package dev.vramcast.core.time;

import java.time.Duration;

/**
 * Where the time of an optimizer step goes; the parts sum to it.
 *
 * @param kernels what the GPU computes
 * @param launch waiting for the CPU to launch kernels
 * @param communication between GPUs, as far as nothing hides it
 * @param optimizer the update
 * @param experts routing of tokens and uneven experts
 * @param generation of completions, with the pass of new weights to who makes them
 * @param parallelism what model parallelism, pipeline bubbles and many machines lose
 */
public record TimeParts(
    Kernels kernels,
    Duration launch,
    Duration communication,
    Duration optimizer,
    Duration experts,
    Duration generation,
    Duration parallelism) {

  /**
   * The time of what the GPU computes, as {@link KernelTime}.
   *
   * @param linear products of the layers
   * @param head products behind the layers
   * @param attention scores and their products with values
   * @param memoryBound norms, activation functions and the like
   * @param dequantisation unpacking of a quantised base
   * @param tower all that a vision tower computes on images
   */
  public record Kernels(
      Duration linear,
      Duration head,
      Duration attention,
      Duration memoryBound,
      Duration dequantisation,
      Duration tower) {

    private static Kernels of(KernelTime time, double tokens) {
      return new Kernels(
          Seconds.duration(time.linear() * tokens),
          Seconds.duration(time.head() * tokens),
          Seconds.duration(time.attention() * tokens),
          Seconds.duration(time.memoryBound() * tokens),
          Seconds.duration(time.dequantisation() * tokens),
          Seconds.duration(time.tower().kernels() * tokens));
    }
  }

  static TimeParts of(StepTime time, double generated, double tokens) {
    return new TimeParts(
        Kernels.of(time.kernels(), tokens),
        Seconds.duration(time.waiting() * tokens),
        Seconds.duration(time.communication() * tokens),
        Seconds.duration(time.optimizer() * tokens),
        Seconds.duration(time.experts() * tokens),
        Seconds.duration(generated * tokens),
        Seconds.duration(time.alone() * (time.loss() - 1) * tokens));
  }
}
