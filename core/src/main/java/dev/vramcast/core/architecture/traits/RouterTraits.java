package dev.vramcast.core.architecture.traits;

/**
 * How tokens choose their experts.
 *
 * @param fp32 computes in fp32 with a weight made fp32
 * @param keptInFp32 its weight is made and loaded in fp32 (its class says so, and {@code
 *     _keep_in_fp32_modules_strict})
 * @param bare a parameter of a module of its own, not an {@code nn.Linear}
 * @param leavesAutocast disables autocast around the router
 * @param fp32Sigmoid scores become fp32 before the sigmoid
 * @param uncounted the config asks for a loss that balances experts, but does not call their number
 *     {@code num_experts}
 * @param fp32Weights returns its weights in fp32
 * @param ownSoftmax has its softmax in the dtype of the scores
 * @param weightsOfSoftmax returns its weights as the softmax makes them, which under autocast is in
 *     fp32
 * @param weightsOfScores returns its weights in the dtype of its scores
 * @param dividesByNorm divides its weights by their norm, which autocast computes in fp32, and
 *     leaves them as that makes them
 * @param behindExperts the block makes its experts first, so that their parameters come before
 */
public record RouterTraits(
    boolean fp32,
    Versions keptInFp32,
    Versions bare,
    boolean leavesAutocast,
    boolean fp32Sigmoid,
    boolean uncounted,
    Versions fp32Weights,
    Versions ownSoftmax,
    Versions weightsOfSoftmax,
    Versions weightsOfScores,
    Versions dividesByNorm,
    Versions behindExperts) {

  /** A router as Mixtral's, save what is set. */
  static final class Builder {

    boolean fp32;
    Versions keptInFp32 = Versions.NONE;
    Versions bare = Versions.since(5, 0);
    boolean leavesAutocast;
    boolean fp32Sigmoid;
    boolean uncounted;
    Versions fp32Weights = Versions.until(5, 2).andSince(5, 0);
    Versions ownSoftmax = Versions.NONE;
    Versions weightsOfSoftmax = Versions.NONE;
    Versions weightsOfScores = Versions.NONE;
    Versions dividesByNorm = Versions.NONE;
    Versions behindExperts = Versions.NONE;

    RouterTraits build() {
      return new RouterTraits(
          fp32,
          keptInFp32,
          bare,
          leavesAutocast,
          fp32Sigmoid,
          uncounted,
          fp32Weights,
          ownSoftmax,
          weightsOfSoftmax,
          weightsOfScores,
          dividesByNorm,
          behindExperts);
    }
  }
}
