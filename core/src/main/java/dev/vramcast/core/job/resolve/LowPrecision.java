package dev.vramcast.core.job.resolve;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.Optional;

/**
 * Which compute in few bits is modelled beside {@link FakeQuantisation}: float8 of torchao, of a
 * model that is trained whole.
 */
final class LowPrecision {

  private static final String SCHEME = "fp8";
  private static final String IMPLEMENTATION = "torchao";
  private static final String TRANSFORMER_ENGINE = "transformer-engine";
  private static final String MS_AMP = "ms-amp";

  private LowPrecision() {}

  /**
   * Whether torchao computes linears in float8. Where nobody says whose code does, accelerate takes
   * torchao where it is there (accelerator.py, {@code fp8_backend}); Megatron knows
   * TransformerEngine alone.
   */
  static boolean isFloat8(PartialJob d) {
    return d.isSet(JobKey.TRAINING_SCHEME, SCHEME)
        && d.strategy() != Strategy.MEGATRON
        && (!d.isSet(JobKey.TRAINING_IMPLEMENTATION)
            || d.isSet(JobKey.TRAINING_IMPLEMENTATION, IMPLEMENTATION));
  }

  /**
   * What nobody has counted of other code. TransformerEngine's linears keep 8-bit copies of their
   * input and their weight from the forward pass to the backward pass, beside the weight itself,
   * and before Blackwell the transposed ones too (transformer_engine/pytorch/module/linear.py);
   * MS-AMP stores weights, gradients and states in other dtypes (msamp/optim/adamw.py).
   */
  private static Gap unknown(PartialJob d, Gap gap) {
    String scheme = d.get(JobKey.TRAINING_SCHEME, String.class);
    Gap named = gap.and(" ", scheme);
    if (d.isSet(JobKey.TRAINING_IMPLEMENTATION, MS_AMP)) {
      return named
          .and(" of ", MS_AMP)
          .needs("which dtypes weights, gradients and states of its optimizer are stored in");
    }
    if (!scheme.equals(SCHEME)) {
      return named.needs("which copies and scales of blocks are kept beside weights in 16 bits");
    }
    return named
        .and(" of ", TRANSFORMER_ENGINE)
        .needs(
            "which narrow copies of inputs and weights it keeps until the backward pass, by card"
                + " and recipe; weights stay in 16 or 32 bits beside them");
  }

  /** Why the scheme is not modelled; empty where it is, or there is none. */
  static Optional<Gap> missing(PartialJob d) {
    if (!d.differs(JobKey.TRAINING_SCHEME) || FakeQuantisation.isAsked(d)) {
      return Optional.empty();
    }
    Gap gap = Gap.about(JobKey.TRAINING_SCHEME);
    if (!isFloat8(d)) {
      return Optional.of(unknown(d, gap).modelled(SCHEME, " of ", IMPLEMENTATION));
    }
    if (d.method() != Method.FULL) {
      return Optional.of(gap.and(" with ", JobKey.METHOD, " ", d.method()).modelled("full"));
    }
    if (d.whole(JobKey.TENSOR) > 1) {
      return Optional.of(gap.and(" with ", JobKey.TENSOR, " ", d.whole(JobKey.TENSOR)));
    }
    return Optional.empty();
  }
}
