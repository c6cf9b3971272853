package dev.vramcast.core.job.resolve;

import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;

/** What DeepSpeed does to the dtypes of every job that its ZeRO runs. */
final class ZeroRules {

  private ZeroRules() {}

  /**
   * Whether all parameters, adapters among them, are made 16-bit, and autocast is off:
   * deepspeed/runtime/engine.py _configure_distributed_model; accelerate/accelerator.py leaves
   * mixed precision to DeepSpeed.
   */
  static boolean casts(PartialJob d) {
    return d.strategy().isZero() && d.precision() != Precision.FP32;
  }

  /** The dtype that a parameter has in the end. */
  static DataType cast(PartialJob d, DataType own) {
    return casts(d) ? CommonRules.dtype(d.precision()) : own;
  }

  static Precision precision(PartialJob d) {
    return casts(d) ? Precision.pure(CommonRules.dtype(d.precision())) : d.precision();
  }
}
