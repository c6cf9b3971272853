package dev.vramcast.core.job.resolve;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.List;

/** Refuses methods, bases and optimizers that do not go together. */
final class MethodChecks {

  private MethodChecks() {}

  static void check(PartialJob d) {
    checkBase(d);
    checkOptimizer(d);
    warnOfIgnoredKeys(d);
    warnOfTwoDtypes(d);
  }

  private static void checkBase(PartialJob d) {
    String origin = d.document().origin(JobKey.QUANTIZATION_SCHEME, JobKey.METHOD);
    if (d.method() == Method.QLORA
        && d.scheme() != QuantizationScheme.NF4
        && d.scheme() != QuantizationScheme.FP4) {
      throw new InputException(
          origin
              + "model.quantization.scheme is "
              + d.scheme().label()
              + ", but method qlora trains adapters on a 4-bit base, allowed: nf4, fp4, "
              + "or method lora");
    }
    if (d.isQuantized() && !d.method().trainsAdapters()) {
      throw new InputException(
          origin
              + "model.quantization.scheme is "
              + d.scheme().label()
              + ", but method "
              + d.method().label()
              + " trains the weights themselves and quantised ones have no "
              + "gradient, allowed: none, or method lora, qlora, dora, rslora, pissa");
    }
  }

  private static void checkOptimizer(PartialJob d) {
    OptimizerName name = d.get(JobKey.OPTIMIZER_NAME, OptimizerName.class);
    if (d.method() == Method.GALORE && name != OptimizerName.GALORE) {
      throw new InputException(
          d.document().origin(JobKey.OPTIMIZER_NAME)
              + "optimizer.name is "
              + name.label()
              + ", allowed: galore, as method galore is that optimizer");
    }
  }

  private static void warnOfIgnoredKeys(PartialJob d) {
    if (!d.method().trainsAdapters()) {
      JobKey.below("lora").stream()
          .filter(d::isSet)
          .filter(key -> key != JobKey.LORA_RANK || d.method() != Method.GALORE)
          .forEach(key -> ignored(d, key, "method " + d.method().label() + " has no adapters"));
    }
    if (!d.isQuantized()) {
      List.of(JobKey.DOUBLE_QUANT, JobKey.QUANTIZATION_IMPLEMENTATION).stream()
          .filter(d::isSet)
          .forEach(key -> ignored(d, key, "model.quantization.scheme is none"));
    }
  }

  private static void ignored(PartialJob d, JobKey key, String why) {
    d.warn(d.document().origin(key) + key.path() + " is ignored: " + why);
  }

  /** Without autocast a matrix product takes one dtype. */
  private static void warnOfTwoDtypes(PartialJob d) {
    boolean pure = !CommonRules.isMixed(d.precision());
    if (pure && !d.isQuantized() && CommonRules.dtype(d.precision()) != d.modelDtype()) {
      d.warn(
          d.document().origin(JobKey.PRECISION)
              + "precision is "
              + d.precision().label()
              + " without autocast, but model.dtype is "
              + d.modelDtype().label());
    }
  }
}
