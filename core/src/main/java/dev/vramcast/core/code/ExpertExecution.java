package dev.vramcast.core.code;

import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;

/** How the experts of a mixture are run. */
public enum ExpertExecution {
  /** Every expert runs on every token, in one product of stacked parameters. */
  ALL,
  /** Tokens are sorted by expert, split and multiplied one by one with stacked parameters. */
  SPLIT,
  /** A loop over experts that are linears of their own. */
  LOOPED,
  /** A grouped product of stacked parameters. */
  GROUPED,
  /** A loop takes each expert out of stacked parameters. */
  SLICED;

  /**
   * As the model's code does it, save that a framework may group those of every mixture, and make
   * linears of them for bitsandbytes, which cannot quantise a stack by itself.
   */
  public static ExpertExecution of(MixtureOfExperts mixture, StepSettings settings) {
    ModelingCode code = settings.code();
    FrameworkCode framework = settings.framework();
    if (code.mixture().runsAllExperts() && !framework.is(LayerCode.GROUPS_EXPERTS)) {
      return ALL;
    }
    if (code.mixture().splitsExperts()) {
      return SPLIT;
    }
    if (framework.is(LayerCode.QUANTISES_EXPERTS)
        && settings.job().quantization().scheme().isFourBitFloat()) {
      return LOOPED;
    }
    if (code.mixture().fusedExperts()) {
      return GROUPED;
    }
    return mixture.names().alwaysFused() ? SLICED : LOOPED;
  }
}
